//! The real client's own rate limiter, against `discord.com` resolved to loopback over TLS.
//!
//! Everywhere else the bot is pointed at another base, where the limiter is off: so this is the one
//! place where the bot runs inside the test, with an HTTP client that believes our certificate.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cara_bot::discord::settings::{Api, Secret, Settings};
use cara_bot::discord::{Base, RunError, run};
use cara_bot::live::{Live, Scrutiny, Snapshot};
use cara_bot::moderation::Store;
use tokio::sync::oneshot;

use crate::support::discord::{Fate, Limit, TOKEN, Town};
use crate::support::{Project, small, today};

use super::{ANSWER, QUESTION};

/// The bot in a thread of its own; it stops when this is dropped.
struct Inside {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<Result<(), RunError>>>,
    _project: Project,
}

impl Inside {
    fn start(town: &Town) -> Inside {
        let listening = town.listens_as_discord_com();
        let certificate = reqwest::Certificate::from_pem(listening.certificate.as_bytes()).unwrap();
        let transport = reqwest::Client::builder()
            .add_root_certificate(certificate)
            .resolve("discord.com", listening.address)
            .build()
            .unwrap();
        let project = Project::small();
        let settings = Settings {
            token: Secret::token(TOKEN, "the test").unwrap(),
            api: Api::Discord,
            admin_guild: None,
            moderator_roles: Vec::new(),
            data: None,
            transport: Some(transport),
        };
        let snapshot = Snapshot::load(&small(), Scrutiny::Valid, today()).unwrap();
        let base = Base {
            live: Arc::new(Live::new(snapshot)),
            store: Store::Disk(project.knowledge()),
            journal: None,
            retention_days: 1,
        };
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(run(settings, base, async {
                stopped.await.ok();
            }))
        });
        town.waits_until("the bot is connected", |world| {
            let mut sessions = world.gateway.sessions.iter();
            sessions.any(|session| session.is_connected()).then_some(())
        });
        Inside {
            stop: Some(stop),
            thread: Some(thread),
            _project: project,
        }
    }

    fn stops(&mut self) -> Result<(), RunError> {
        drop(self.stop.take());
        self.thread
            .take()
            .expect("it runs")
            .join()
            .expect("it does not panic")
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

#[test]
fn limits_that_discord_tells_are_kept_before_it_refuses() {
    let town = Town::new();
    let per = Duration::from_millis(700);
    town.limits(
        "POST /channels/{channel_id}/messages",
        Limit { requests: 2, per },
    );
    let mut bot = Inside::start(&town);
    let begun = Instant::now();
    for number in 0..6 {
        town.member(&format!("ada{number}"))
            .mentions_bot(QUESTION)
            .says(&[ANSWER]);
    }
    assert!(begun.elapsed() >= per * 2, "six at two in each {per:?}");
    assert_eq!(town.rate_limited(), 0, "nothing had to be refused");
    // All at once, before the client can know what is left: what is refused comes later.
    let mention = town.look(|world| format!("<@{}> {QUESTION}", world.bot()));
    let asked: Vec<_> = (0..6)
        .map(|number| {
            let asker = town.member(&format!("ben{number}"));
            let message = asker.writes(&mention);
            (asker, message)
        })
        .collect();
    for (asker, message) in asked {
        asker.hears_answer(message).says(&[ANSWER]);
    }
    let requests = town.requests("POST", "/messages");
    assert!(requests.iter().all(|request| request.authorized));
    bot.stops().expect("it stops when it is told to");
}

#[test]
fn refusal_for_too_many_requests_is_waited_for_and_tried_again() {
    let town = Town::new();
    let mut bot = Inside::start(&town);
    town.troubles("POST", "/messages", 1, Fate::RateLimited(0.6));
    let begun = Instant::now();
    town.member("ada").mentions_bot(QUESTION).says(&[ANSWER]);
    assert!(begun.elapsed() >= Duration::from_millis(600));
    assert_eq!(town.requests("POST", "/messages").len(), 2);
    // A wait that outlasts the three seconds of an interaction costs that one alone.
    town.troubles("POST", "/callback", 1, Fate::RateLimited(3000.0));
    town.member("ben")
        .begins("/cara ask", &[("question", QUESTION)])
        .fails();
    town.member("cleo")
        .types("/cara ask", &[("question", QUESTION)])
        .says(&[ANSWER]);
    bot.stops().expect("it stops when it is told to");
}
