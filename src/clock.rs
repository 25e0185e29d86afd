//! The day of this process's clock and time zone, for the shell: nothing below it reads a clock.

use crate::date::Day;

/// Today.
#[must_use]
pub fn today() -> Day {
    let now = jiff::Zoned::now();
    let year = u16::try_from(now.year()).unwrap_or(1970);
    let month = u8::try_from(now.month()).unwrap_or(1);
    let day = u8::try_from(now.day()).unwrap_or(1);
    Day::new(year, month, day).unwrap_or_else(|| Day::from_ordinal(740_000))
}
