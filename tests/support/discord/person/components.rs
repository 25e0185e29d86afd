//! Buttons and menus: those that are on the message, and those it no longer has.

use serde_json::json;

use super::super::said::{Button, Said};
use super::super::world::{Id, Kind};
use super::{Pending, Person};

impl Person {
    /// Clicks the button with that label, and sees what happens.
    #[track_caller]
    pub(crate) fn clicks(&self, said: &Said, label: &str) -> Said {
        self.begins_click(said, label).said()
    }

    /// Clicks the button with that label.
    #[track_caller]
    pub(crate) fn begins_click(&self, said: &Said, label: &str) -> Pending {
        let now = said.now();
        assert!(!now.is_gone(), "the message is gone");
        let button: &Button = now.button(label);
        assert!(!button.disabled, "{label} is disabled");
        let id = button.id.as_deref().expect("it is no link");
        self.presses(said.id(), id)
    }

    /// Presses a button by its custom id, which need not be on the message any more.
    #[track_caller]
    pub(crate) fn presses(&self, message: Id, custom_id: &str) -> Pending {
        self.may_see(message);
        let data = json!({"custom_id": custom_id, "component_type": 2, "id": 1});
        self.interacts(Kind::Component, None, Some(message), data)
    }

    /// Chooses an option of a menu by its label, and sees what happens.
    #[track_caller]
    pub(crate) fn chooses(&self, said: &Said, label: &str) -> Said {
        let now = said.now();
        let found = now.menus.iter().find_map(|menu| {
            menu.options
                .iter()
                .find(|(shown, _)| shown == label || shown.contains(label))
                .map(|(_, value)| (menu.id.clone(), value.clone()))
        });
        let Some((id, value)) = found else {
            panic!("no {label:?} in {:?}", now.menus);
        };
        self.picks(said.id(), &id, &value).said()
    }

    /// Chooses from a menu by custom id and value, which need not be on the message any more.
    #[track_caller]
    pub(crate) fn picks(&self, message: Id, custom_id: &str, value: &str) -> Pending {
        self.may_see(message);
        let data = json!({
            "custom_id": custom_id, "component_type": 3, "id": 1, "values": [value],
        });
        self.interacts(Kind::Component, None, Some(message), data)
    }

    /// Fails if they cannot see a message.
    #[track_caller]
    fn may_see(&self, message: Id) {
        let only_for = self.service.look(|world| world.messages[&message].only_for);
        assert!(
            only_for.is_none_or(|user| user == self.user),
            "the message is for somebody else"
        );
    }
}
