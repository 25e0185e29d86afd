//! Who did something, as it is written down.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::word::UnknownWord;

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// A moderator, by their number as a user.
    Moderator(u64),
    /// Whoever has the terminal.
    Operator,
    /// Somebody who asked to be forgotten.
    Forgotten,
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            By::Moderator(user) => user.fmt(f),
            By::Operator => f.write_str("operator"),
            By::Forgotten => f.write_str("forgotten"),
        }
    }
}

impl FromStr for By {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "operator" => Ok(By::Operator),
            "forgotten" => Ok(By::Forgotten),
            digits => digits.parse().map(By::Moderator).map_err(|_| UnknownWord),
        }
    }
}

impl Serialize for By {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
