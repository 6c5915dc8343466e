//! How near a hold's end is, as warnings and findings say it.

/// How near a hold's end is. Each stage is told once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// At most this many hours are left until the safe time.
    Within(u16),
    /// The safe time is past: only Dojo's own deadline is left.
    Late,
    /// By one clock it has ended, by another it has not.
    Doubtful,
}

/// From how many hours before the safe time on there's no time to lose.
const URGENT_WITHIN_HOURS: u16 = 6;

impl Stage {
    /// Whether there's no time to lose.
    pub const fn is_urgent(self) -> bool {
        match self {
            Self::Within(hours) => hours <= URGENT_WITHIN_HOURS,
            Self::Late | Self::Doubtful => true,
        }
    }

    /// Its name in a finding's key.
    pub fn name(self) -> String {
        match self {
            Self::Within(hours) => format!("{hours}h"),
            Self::Late => "late".to_owned(),
            Self::Doubtful => "doubtful".to_owned(),
        }
    }

    /// The stage of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "late" => Some(Self::Late),
            "doubtful" => Some(Self::Doubtful),
            hours => hours.strip_suffix('h')?.parse().ok().map(Self::Within),
        }
    }
}
