//! Settings as rows.

use crate::LedgerError;
use crate::stored::{Field, Fields, GuestKeys, Stored, Table};

/// A setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSetting {
    /// Its name.
    pub name: String,
    /// What it is set to.
    pub value: String,
}

impl Stored for StoredSetting {
    const TABLE: Table = Table {
        name: "setting",
        key: "name",
        columns: &["name", "value"],
    };

    fn fields(&self, _: &dyn GuestKeys) -> Result<Vec<Field<'static>>, LedgerError> {
        Ok(vec![self.name.as_str().into(), self.value.as_str().into()])
    }

    fn read(mut fields: Fields<'_>, _: &dyn GuestKeys) -> Result<Self, LedgerError> {
        Ok(Self {
            name: fields.text()?,
            value: fields.text()?,
        })
    }
}
