//! Who did something.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cmp::Ordering;
use std::fmt::{Display, Formatter};

/// Who did something. A member of staff who is called like one of the others stays a member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person at this till, by the name that Settings showed then.
    Staff(String),
    /// Dojo by itself: at a deadline, or in answer to the guest.
    Dojo,
    /// This program by itself.
    Holdfast,
    /// Somebody at another till or in Dojo's portal: no decision here accounts for it.
    Elsewhere,
    /// Nobody knows: it comes from Dojo's record, which doesn't say.
    Unknown,
}

impl Actor {
    /// The person of that name.
    pub fn staff(name: impl Into<String>) -> Self {
        Self::Staff(name.into())
    }

    /// The name to show.
    pub fn name(&self) -> &str {
        match self {
            Self::Staff(name) => name,
            Self::Dojo => "Dojo",
            Self::Holdfast => "Holdfast",
            Self::Elsewhere => "Elsewhere",
            Self::Unknown => "Unknown",
        }
    }

    /// Who a ledger of format 9 or older means by `name`: it kept names only.
    pub fn former(name: &str) -> Self {
        let own = [Self::Dojo, Self::Holdfast, Self::Elsewhere, Self::Unknown];
        let own = own.into_iter().find(|actor| actor.name() == name);
        own.unwrap_or_else(|| Self::staff(name))
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Staff(_) => 0,
            Self::Dojo => 1,
            Self::Holdfast => 2,
            Self::Elsewhere => 3,
            Self::Unknown => 4,
        }
    }
}

impl Display for Actor {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// By name, as reports list them.
impl Ord for Actor {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.name(), self.rank()).cmp(&(other.name(), other.rank()))
    }
}

impl PartialOrd for Actor {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As its name alone, which is how formats up to 9 kept it. A ledger of today keeps more than this.
impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Actor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|name| Self::former(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_who_is_called_dojo_is_not_dojo() {
        assert_ne!(Actor::staff("Dojo"), Actor::Dojo);
        assert_ne!(Actor::staff("Dojo").cmp(&Actor::Dojo), Ordering::Equal);
        assert_eq!(Actor::staff("Dojo").to_string(), Actor::Dojo.to_string());
    }

    #[test]
    fn an_older_ledgers_names_are_read_as_what_they_meant() {
        assert_eq!(Actor::former("Elsewhere"), Actor::Elsewhere);
        assert_eq!(Actor::former("Sam"), Actor::staff("Sam"));
    }

    #[test]
    fn they_are_listed_by_name() {
        let mut all = [
            Actor::Unknown,
            Actor::staff("Zoe"),
            Actor::Dojo,
            Actor::staff("Ana"),
        ];
        all.sort();
        let names: Vec<&str> = all.iter().map(Actor::name).collect();
        assert_eq!(names, ["Ana", "Dojo", "Unknown", "Zoe"]);
    }
}
