//! Settings as rows.

use crate::stored::{Field, Fields, Stored, Table, Unreadable};

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

    fn fields(&self) -> Result<Vec<Field<'static>>, Unreadable> {
        Ok(vec![self.name.as_str().into(), self.value.as_str().into()])
    }

    fn read(mut fields: Fields<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            name: fields.text()?,
            value: fields.text()?,
        })
    }
}
