//! Where a journal is kept.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use url::Url;

/// Where a journal is kept.
#[derive(Clone)]
pub enum Place {
    /// In the file `journal.sqlite` of this data directory, which is made when it is not there.
    Sqlite(PathBuf),
    /// In a PostgreSQL database, which replicas may share.
    Postgres(PostgresAddress),
}

/// The address of a PostgreSQL database. Its password is shown nowhere.
#[derive(Clone)]
pub struct PostgresAddress {
    options: Box<PgConnectOptions>,
    shown: String,
}

/// An address that is none. Says nothing of what was written, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "DATABASE_URL is no PostgreSQL address: {0}; write it as postgres://user:password@host/database"
)]
pub struct BadAddress(&'static str);

impl PostgresAddress {
    /// How to connect, with the password.
    pub(super) fn options(&self) -> &PgConnectOptions {
        &self.options
    }
}

impl FromStr for PostgresAddress {
    type Err = BadAddress;

    fn from_str(address: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(address.trim()).map_err(|_| BadAddress("it cannot be read"))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(BadAddress("it does not begin with postgres://"));
        }
        let options = PgConnectOptions::from_str(url.as_str())
            .map_err(|_| BadAddress("the part after `?` is not understood"))?
            .application_name("cara-bot");
        let host = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let database = options.get_database().unwrap_or(options.get_username());
        let shown = format!("postgres://{host}/{database}");
        Ok(PostgresAddress {
            options: Box::new(options),
            shown,
        })
    }
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresAddress({})", self.shown)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Sqlite(directory) => {
                write!(f, "{}", directory.join(super::database::FILE).display())
            }
            Place::Postgres(address) => address.fmt(f),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_is_shown_nowhere() {
        let address: PostgresAddress =
            "postgres://bot:hunter2@db.example:5433/cara?sslmode=require"
                .parse()
                .unwrap();
        let place = Place::Postgres(address.clone());
        let shown = format!("{address} {address:?} {place} {place:?}");
        assert!(!shown.contains("hunter2"), "{shown}");
        assert_eq!(address.to_string(), "postgres://db.example:5433/cara");
    }

    #[test]
    fn bad_address_is_refused_without_repeating_it() {
        for bad in [
            "",
            "hunter2",
            "mysql://bot:hunter2@db/cara",
            "postgres://bot:hunter2@db/cara?sslmode=hunter2",
        ] {
            let error = bad.parse::<PostgresAddress>().unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }
}
