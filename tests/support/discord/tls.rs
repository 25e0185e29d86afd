//! The same service over TLS as `discord.com`, with a certificate of its own making.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto};
use tokio_rustls::server::TlsStream;

/// Where it listens, and whom to trust.
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    /// The certificate, PEM.
    pub(crate) certificate: String,
}

struct TlsListener {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            // Whoever fails the handshake is not served; the next one is.
            if let Ok((stream, address)) = self.listener.accept().await
                && let Ok(stream) = self.acceptor.accept(stream).await
            {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// Serves `router` on a free port of loopback to those who ask for `discord.com`.
pub(crate) fn listen(runtime: &Runtime, router: Router) -> Listening {
    let made = rcgen::generate_simple_self_signed(vec!["discord.com".to_owned()])
        .expect("a certificate for a plain name");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("it was just made");
    let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("the key is the certificate's");
    let listener = runtime
        .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .expect("a free port on loopback");
    let address = listener.local_addr().expect("it is bound");
    let listener = TlsListener {
        listener,
        acceptor: TlsAcceptor::from(Arc::new(config)),
    };
    runtime.spawn(async move { axum::serve(listener, router).await });
    Listening {
        address,
        certificate: made.cert.pem(),
    }
}
