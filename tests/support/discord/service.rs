//! The service itself: one world behind one lock, listeners on loopback, and a way to wait.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::limiter::Limiter;
use super::spec::Spec;
use super::world::World;
use super::{gateway, rest, tls};

/// A running service.
pub(crate) struct Service {
    world: Mutex<World>,
    changed: Condvar,
    pub(crate) limiter: Mutex<Limiter>,
    pub(crate) spec: Option<&'static Spec>,
    address: SocketAddr,
}

impl Service {
    /// Listens on a free port of loopback and serves `world` there.
    pub(crate) fn start(world: World, spec: Option<&'static Spec>) -> (Arc<Service>, Runtime) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .thread_name("discord")
            .build()
            .expect("a runtime for the service");
        let listener = runtime
            .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .expect("a free port on loopback");
        let service = Arc::new(Service {
            world: Mutex::new(world),
            changed: Condvar::new(),
            limiter: Mutex::new(Limiter::default()),
            spec,
            address: listener.local_addr().expect("it is bound"),
        });
        let router = service.router();
        runtime.spawn(async move { axum::serve(listener, router).await });
        (service, runtime)
    }

    /// Serves the same world over TLS as well, as `discord.com` with a certificate of its own.
    pub(crate) fn listen_tls(self: &Arc<Service>, runtime: &Runtime) -> tls::Listening {
        tls::listen(runtime, self.router())
    }

    fn router(self: &Arc<Service>) -> Router {
        Router::new()
            .route("/", get(gateway::connect))
            .fallback(rest::answer)
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(self))
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        // A test that fails while it holds the lock must not hide its own message.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the world and wakes those who wait for a change.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut World) -> R) -> R {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        result
    }

    /// Looks at the world.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&World) -> R) -> R {
        look(&self.lock())
    }

    /// Waits until `found` finds something, at most `limit`.
    pub(crate) fn wait<R>(
        &self,
        limit: Duration,
        mut found: impl FnMut(&mut World) -> Option<R>,
    ) -> Option<R> {
        let end = Instant::now() + limit;
        let mut world = self.lock();
        loop {
            if let Some(result) = found(&mut world) {
                drop(world);
                self.changed.notify_all();
                return Some(result);
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            // Some conditions are about time, which wakes nobody: look again now and then.
            world = self
                .changed
                .wait_timeout(world, left.min(Duration::from_millis(20)))
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}
