//! A private PostgreSQL server, started from the installed programs in a temporary folder.
//!
//! The server refuses to run as root, so root gives it to a user of its own. It listens on loopback
//! with a password, and on nothing else; stopping it, or ending the tests, leaves nothing behind.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak, mpsc};
use std::time::{Duration, Instant};

use cara_bot::journal::{Place, PostgresAddress};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tempfile::TempDir;

/// The password of the server's only user.
pub(crate) const PASSWORD: &str = "not-to-be-shown";
/// How long starting may take on a busy machine.
const DEADLINE: Duration = Duration::from_secs(60);

/// A server; it stops when this is dropped.
pub(crate) struct Postgres {
    programs: PathBuf,
    owner: Option<Owner>,
    dir: TempDir,
    port: u16,
    running: Mutex<Option<Running>>,
    databases: AtomicU32,
}

/// The user that the server runs as.
struct Owner {
    name: String,
    uid: u32,
    gid: u32,
}

/// The thread that watches over the server's process. It lives as long as the process, which is told
/// to end with the thread: also when the tests are killed.
struct Running {
    stop: mpsc::Sender<()>,
    thread: std::thread::JoinHandle<()>,
}

/// A server that all tests share while at least one of them holds it.
pub(crate) fn shared() -> Option<Arc<Postgres>> {
    static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = shared.upgrade() {
        return Some(server);
    }
    let server = Arc::new(own()?);
    *shared = Arc::downgrade(&server);
    Some(server)
}

/// A server of one's own, to be stopped and started; none, with a word, where PostgreSQL is not
/// installed – but where everything must be tested, that is a failure.
pub(crate) fn own() -> Option<Postgres> {
    let Some(programs) = programs() else {
        assert!(
            std::env::var_os("CI").is_none(),
            "PostgreSQL is not installed, and CI is set"
        );
        eprintln!("skipped: PostgreSQL is not installed");
        return None;
    };
    Some(Postgres::new(programs))
}

/// Where `initdb` and `postgres` are.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    // Debian keeps them off the path, one folder a version.
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.into_iter().find(|folder| {
        ["initdb", "postgres"]
            .iter()
            .all(|program| folder.join(program).is_file())
    })
}

impl Postgres {
    fn new(programs: PathBuf) -> Postgres {
        let dir = tempfile::Builder::new()
            .prefix("cara-bot-postgres-")
            .tempdir()
            .expect("a temporary folder");
        let owner = Owner::needed();
        let password = dir.path().join("password");
        std::fs::write(&password, PASSWORD).expect("the temporary folder is ours");
        if let Some(owner) = &owner {
            owner.give(dir.path());
            owner.give(&password);
        }
        let server = Postgres {
            programs,
            owner,
            port: free_port(),
            dir,
            running: Mutex::new(None),
            databases: AtomicU32::new(0),
        };
        let made = server
            .command("initdb")
            .arg("--pgdata")
            .arg(server.data())
            .args([
                "--username=bot",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ])
            .arg("--pwfile")
            .arg(&password)
            .output()
            .expect("initdb starts");
        assert!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        server.start();
        server
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// A program of the server, to be run as its owner.
    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = match &self.owner {
            Some(owner) => {
                let mut command = Command::new("setpriv");
                command
                    .arg(format!("--reuid={}", owner.name))
                    .arg(format!("--regid={}", owner.gid))
                    .args(["--clear-groups", "--pdeathsig=INT"])
                    .arg(program);
                command
            }
            None if Path::new("/usr/bin/setpriv").exists() => {
                let mut command = Command::new("setpriv");
                command.arg("--pdeathsig=INT").arg(program);
                command
            }
            None => Command::new(program),
        };
        command
            .current_dir(self.dir.path())
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null());
        command
    }

    /// Starts the server and waits until it lets clients in.
    pub(crate) fn start(&self) {
        let log = std::fs::File::create(self.dir.path().join("log"))
            .expect("the temporary folder is ours");
        let mut command = self.command("postgres");
        command
            .arg("-D")
            .arg(self.data())
            .arg("-k")
            .arg(self.dir.path())
            .args([
                "-p",
                &self.port.to_string(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "fsync=off",
            ])
            .stdout(Stdio::null())
            .stderr(log);
        let (stop, stopped) = mpsc::channel();
        let (started, start) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut child = command.spawn().expect("postgres starts");
            started.send(child.id()).expect("somebody waits");
            // An error is a sender that is gone, which means the same.
            let _ = stopped.recv();
            // It has ended, unless stopping it in the usual way has failed.
            let _ = child.kill();
            let _ = child.wait();
        });
        start.recv().expect("postgres starts");
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(Running { stop, thread });
        let since = Instant::now();
        while !self.lets_in() {
            assert!(
                since.elapsed() < DEADLINE,
                "postgres does not start: {}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Whether a client can connect. On a thread of its own: the tests are asynchronous themselves.
    fn lets_in(&self) -> bool {
        let url = self.url("postgres");
        let connect = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime
                .expect("a runtime")
                .block_on(PgConnection::connect(&url))
                .is_ok()
        };
        std::thread::spawn(connect)
            .join()
            .expect("connecting does not panic")
    }

    /// Ends the server at once, as a crash would: what is connected loses its connection.
    pub(crate) fn stop(&self) {
        let running = self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(Running { stop, thread }) = running {
            let _ = self
                .command("pg_ctl")
                .args(["stop", "--mode=immediate", "-D"])
                .arg(self.data())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            let _ = stop.send(());
            let _ = thread.join();
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    /// The address of a database of this server.
    pub(crate) fn url(&self, database: &str) -> String {
        format!(
            "postgres://bot:{PASSWORD}@127.0.0.1:{}/{database}?sslmode=disable",
            self.port
        )
    }

    /// Makes an empty database; its address.
    pub(crate) async fn database(&self) -> String {
        let name = format!("journal{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&self.url("postgres"))
            .await
            .expect("the server runs");
        connection
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await
            .expect("the name is new");
        self.url(&name)
    }
}

/// The place of a journal at an address.
pub(crate) fn place(url: &str) -> Place {
    Place::Postgres(
        url.parse::<PostgresAddress>()
            .expect("the address is right"),
    )
}

/// How to connect to the same database past the journal.
pub(crate) fn options(address: &PostgresAddress) -> PgConnectOptions {
    let options: PgConnectOptions = address
        .to_string()
        .parse()
        .expect("it is shown as an address");
    options.username("bot").password(PASSWORD)
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Owner {
    /// Another user, if we are root.
    fn needed() -> Option<Owner> {
        if id(&["-u"])? != 0 {
            return None;
        }
        let known = ["postgres", "nobody"].into_iter().find_map(|name| {
            let (uid, gid) = (id(&["-u", name])?, id(&["-g", name])?);
            Some(Owner {
                name: name.to_owned(),
                uid,
                gid,
            })
        });
        Some(known.expect("a user other than root"))
    }

    fn give(&self, path: &Path) {
        std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid)).expect("root may");
    }
}

/// What `id` says.
fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id")
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback");
    listener.local_addr().expect("it is bound").port()
}
