//! The timeline seen from outside: what can be said of any picture.

use proptest::prelude::*;

use crate::date::Date;

/// Any date a knowledge file can hold.
pub(super) fn any_date() -> impl Strategy<Value = Date> {
    let point = "[0-9]{4}(-[01][0-9](-[0-3][0-9])?)?[~?%]?";
    let written = prop_oneof![
        point.prop_map(|point| point),
        point.prop_map(|point| format!("{point}/..")),
        point.prop_map(|point| format!("../{point}")),
        point.prop_map(|point| format!("{point}/")),
        point.prop_map(|point| format!("/{point}")),
        (point, point).prop_map(|(from, to)| format!("{from}/{to}")),
    ];
    written.prop_filter_map("not a date", |text| text.parse().ok())
}
