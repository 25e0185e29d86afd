//! The real program, started as operators start it: `cara-bot run`, with its settings in the
//! environment.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::super::project::{Project, Ran};
use super::service::Service;
use super::wire::user_name;
use super::{HOME, PATIENCE, TOKEN};

/// A written text shorter than this may stand in a log by chance.
const TELLING: usize = 12;

/// How long a start may take: a large base is slow to learn where nothing is optimised.
const START: Duration = Duration::from_secs(90);

/// A bot that is about to be started.
pub(crate) struct Setup {
    service: Arc<Service>,
    project: Project,
    environment: BTreeMap<String, String>,
    under: Vec<String>,
}

/// A bot that was started.
pub(crate) struct Bot {
    service: Arc<Service>,
    pub(crate) project: Project,
    environment: BTreeMap<String, String>,
    under: Vec<String>,
    child: Option<Child>,
    /// The sessions that were there before the child was started.
    sessions_before: BTreeSet<String>,
    log: Arc<Mutex<String>>,
}

impl Setup {
    /// With the small base, a data directory of its own, and the home server as its admin server.
    pub(super) fn new(service: Arc<Service>) -> Setup {
        let home = service.change(|world| world.guild_named(HOME, true));
        let environment = BTreeMap::from(
            [
                ("DISCORD_API_BASE", format!("http://{}", service.address())),
                ("DISCORD_TOKEN", TOKEN.to_owned()),
                ("CARA_ADMIN_GUILD", home.to_string()),
            ]
            .map(|(key, value)| (key.to_owned(), value)),
        );
        Setup {
            service,
            project: Project::small(),
            environment,
            under: Vec::new(),
        }
    }

    /// With another project folder.
    pub(crate) fn with_project(self, project: Project) -> Setup {
        Setup { project, ..self }
    }

    /// With a setting.
    pub(crate) fn with(mut self, key: &str, value: impl ToString) -> Setup {
        self.environment.insert(key.to_owned(), value.to_string());
        self
    }

    /// Without a setting.
    pub(crate) fn without(mut self, key: &str) -> Setup {
        self.environment.remove(key);
        self
    }

    /// Started by another program, which becomes it in the end.
    pub(crate) fn under(self, program: &[&str]) -> Setup {
        let under = program.iter().map(|part| (*part).to_owned()).collect();
        Setup { under, ..self }
    }

    /// Writes a file into its folder.
    pub(crate) fn writes(&self, name: &str, text: &str) -> PathBuf {
        let path = self.project.path().join(name);
        std::fs::write(&path, text).expect("the temporary folder is ours");
        path
    }

    /// Makes a directory in its folder.
    pub(crate) fn makes_directory(&self, name: &str) -> PathBuf {
        let path = self.project.path().join(name);
        std::fs::create_dir_all(&path).expect("the temporary folder is ours");
        path
    }

    /// Runs another command of the program with the same settings, to its end.
    #[track_caller]
    pub(crate) fn runs_command(&self, arguments: &[&str]) -> Ran {
        run(&self.project, &self.environment, arguments)
    }

    /// Starts it, and waits until it is connected.
    #[track_caller]
    pub(crate) fn starts(self) -> Bot {
        let mut bot = self.launches();
        bot.waits_until_connected();
        bot
    }

    /// Starts it.
    pub(crate) fn launches(self) -> Bot {
        let mut bot = Bot {
            service: self.service,
            project: self.project,
            environment: self.environment,
            under: self.under,
            child: None,
            sessions_before: BTreeSet::new(),
            log: Arc::default(),
        };
        bot.launch();
        bot
    }
}

impl Bot {
    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Waits until the log says something.
    #[track_caller]
    pub(crate) fn logs(&self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.log().contains(text) {
            assert!(Instant::now() < end, "no {text:?} in\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Asks it to end, as a service manager does, and waits for that.
    #[track_caller]
    pub(crate) fn stops(&mut self) -> ExitStatus {
        self.signals("TERM");
        self.ends()
    }

    /// Ends it at once, as a power cut does.
    pub(crate) fn is_killed(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().ok();
            child.wait().ok();
        }
    }

    /// Stops it and starts it again over the same data.
    #[track_caller]
    pub(crate) fn restarts(&mut self) {
        self.stops();
        self.launch();
        self.waits_until_connected();
    }

    /// Runs another command of the program with the same settings, to its end.
    #[track_caller]
    pub(crate) fn runs_command(&self, arguments: &[&str]) -> Ran {
        run(&self.project, &self.environment, arguments)
    }

    /// Starts it again, and doesn't wait.
    pub(crate) fn launches_again(&mut self) {
        self.launch();
    }

    /// Starts it again after it ended.
    #[track_caller]
    pub(crate) fn starts_again(&mut self) {
        self.launch();
        self.waits_until_connected();
    }

    /// Takes a setting away, for the next start.
    pub(crate) fn unset(&mut self, key: &str) {
        self.environment.remove(key);
    }

    /// Its arguments, as everybody on the machine can see them; where the system tells.
    pub(crate) fn arguments(&self) -> Option<String> {
        let id = self.child.as_ref()?.id();
        let bytes = std::fs::read(format!("/proc/{id}/cmdline")).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Sends a signal.
    pub(crate) fn signals(&self, signal: &str) {
        let child = self.child.as_ref().expect("it runs");
        let sent = Command::new("sh")
            .args(["-c", &format!("kill -{signal} {}", child.id())])
            .status()
            .expect("there is a shell");
        assert!(sent.success(), "the signal reaches it");
    }

    /// Waits until it ends by itself.
    #[track_caller]
    pub(crate) fn ends(&mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        let mut child = self.child.take().expect("it runs");
        loop {
            if let Some(status) = child.try_wait().expect("it is our child") {
                return status;
            }
            if Instant::now() > end {
                child.kill().ok();
                panic!("it does not end:\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A file of the knowledge folder as the process sees it, which may have mounted something there.
    pub(crate) fn sees(&self, path: &str) -> PathBuf {
        let id = self.child.as_ref().expect("it runs").id();
        let path = self.project.knowledge().join(path);
        let inside = path.strip_prefix("/").unwrap_or(&path);
        PathBuf::from(format!("/proc/{id}/root")).join(inside)
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        self.child
            .as_mut()
            .is_some_and(|child| child.try_wait().ok().flatten().is_none())
    }

    /// The memory it holds now, bytes; where the system tells.
    #[allow(dead_code, reason = "for the benchmark")]
    pub(crate) fn memory(&self) -> Option<u64> {
        let id = self.child.as_ref()?.id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib * 1024)
    }

    fn launch(&mut self) {
        self.sessions_before = self.service.look(|world| {
            let sessions = world.gateway.sessions.iter();
            sessions.map(|session| session.id.clone()).collect()
        });
        let mut child = command(&self.under, &self.project, &self.environment, &["run"])
            .spawn()
            .expect("the program starts");
        let stdout = child.stdout.take().expect("it is piped");
        let stderr = child.stderr.take().expect("it is piped");
        let log = Arc::clone(&self.log);
        std::thread::spawn(move || copy(stdout, &log));
        let log = Arc::clone(&self.log);
        std::thread::spawn(move || copy(stderr, &log));
        self.child = Some(child);
    }

    /// Waits until every shard has a session with a connection. A session of a process that was
    /// killed is none of them: for a moment its connection looks alive, and what is sent there is
    /// lost.
    #[track_caller]
    fn waits_until_connected(&mut self) {
        let end = Instant::now() + START;
        loop {
            let connected = self.service.look(|world| {
                let sessions = &world.gateway.sessions;
                let live = sessions.iter().filter(|session| {
                    session.is_connected() && !self.sessions_before.contains(&session.id)
                });
                live.count() >= world.gateway.shards as usize
            });
            if connected {
                return;
            }
            assert!(self.runs(), "it ended:\n{}", self.log());
            assert!(Instant::now() < end, "it does not connect:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Fails if the log has something that belongs to nobody but the people.
    fn check_log(&self) {
        let log = self.log();
        assert!(!log.contains(TOKEN), "the token in the log:\n{log}");
        if self.environment.contains_key("RUST_LOG") {
            // Somebody who wants to see more sees more.
            return;
        }
        let (written, names) = self.service.look(|world| {
            let names = world.users.values().filter(|user| !user.bot);
            (
                world.written.clone(),
                names.map(|user| user_name(&user.name)).collect::<Vec<_>>(),
            )
        });
        for text in written
            .iter()
            .filter(|text| text.chars().count() >= TELLING)
        {
            assert!(!log.contains(text.as_str()), "{text:?} in the log:\n{log}");
        }
        for name in names {
            assert!(!log.contains(&name), "{name} in the log:\n{log}");
        }
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.is_killed();
        if std::thread::panicking() {
            eprintln!("the bot logged:\n{}", self.log());
        } else {
            self.check_log();
        }
    }
}

/// The program in a project's folder, with these settings and no others.
fn command(
    under: &[String],
    project: &Project,
    environment: &BTreeMap<String, String>,
    arguments: &[&str],
) -> Command {
    let ours = env!("CARGO_BIN_EXE_cara-bot");
    let mut command = match under {
        [] => Command::new(ours),
        [program, rest @ ..] => {
            let mut command = Command::new(program);
            command.args(rest).arg(ours);
            command
        }
    };
    command
        .args(arguments)
        .current_dir(project.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", project.path())
        .env("LANG", "en_GB.UTF-8")
        .env("CARA_DATA", project.path().join("data"))
        .env("CARA_KNOWLEDGE", project.knowledge())
        .envs(environment)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(project: &Project, environment: &BTreeMap<String, String>, arguments: &[&str]) -> Ran {
    let output = command(&[], project, environment, arguments)
        .output()
        .expect("the program starts");
    Ran {
        code: output.status.code().expect("no signal ended it"),
        stdout: String::from_utf8(output.stdout).expect("it prints UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("it prints UTF-8"),
    }
}

fn copy(from: impl std::io::Read, into: &Mutex<String>) {
    for line in BufReader::new(from).lines().map_while(Result::ok) {
        let mut log = into.lock().unwrap_or_else(PoisonError::into_inner);
        log.push_str(&line);
        log.push('\n');
    }
}
