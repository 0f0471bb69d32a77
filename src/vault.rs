//! The vault: raw identities and quarantined raw text, encrypted, opened by `vault` and `person` only.
//!
//! Files use Parquet modular encryption with a key derived from the secret; column names and footer are encrypted too.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use arrow::array::{AsArray, Int64Array, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::clock;
use crate::identity::hex;
use crate::ingest::Identity;
use crate::lake::{
    DataFile, Lake, StoreError, TableChange, TableError, content_name, delta_schema,
};

const IDENTITIES: &str = "vault/identities";
const RAW_TEXT: &str = "vault/quarantined_text";
const AUDIT: &str = "system/vault_audit";

/// What the vault refuses.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The lake failed.
    #[error(transparent)]
    Lake(#[from] TableError),
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Columns could not be built.
    #[error("vault rows could not be built")]
    Arrow(#[from] ArrowError),
    /// Two different values have one key: nothing of this load may be kept.
    #[error(
        "two different {kind} values share the key {key}; the load is refused, no row of it was kept"
    )]
    Collision {
        /// Kind of identity.
        kind: String,
        /// The key in hex.
        key: String,
    },
    /// The vault was locked with another secret.
    #[error("the secret is not the one with which this lake's vault was locked")]
    WrongSecret,
    /// Nothing is known of the key.
    #[error("no identity with key {key} is in the vault")]
    Unknown {
        /// The key in hex.
        key: String,
    },
}

impl VaultError {
    /// The error for two values that share a key.
    pub fn collision(kind: &str, key: i64) -> VaultError {
        VaultError::Collision {
            kind: kind.to_owned(),
            key: hex(key),
        }
    }
}

/// An open vault.
pub struct Vault<'a> {
    lake: &'a Lake,
    key: [u8; 32],
}

/// A quarantined record's raw text.
#[derive(Debug, Clone)]
pub struct RawText {
    /// Load id.
    pub load_id: String,
    /// Physical line.
    pub line: i64,
    /// The text.
    pub text: String,
}

impl<'a> Vault<'a> {
    /// Opens the vault of a lake with the secret.
    pub fn open(lake: &'a Lake, secret: &[u8]) -> Vault<'a> {
        let mut key = [0_u8; 32];
        if let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(secret) {
            mac.update(b"skillwatch vault encryption key");
            key = mac.finalize().into_bytes().into();
        }
        Vault { lake, key }
    }

    /// Makes sure that the secret opens the vault; an empty one opens with any.
    ///
    /// # Errors
    /// [`VaultError::WrongSecret`], or when storage fails.
    pub fn check_secret(&self) -> Result<(), VaultError> {
        let Some(file) = self.files(IDENTITIES)?.into_iter().next() else {
            return Ok(());
        };
        let opened = self.lake.read_rows(IDENTITIES, &file, &[], Some(&self.key));
        match opened {
            Ok(_) => Ok(()),
            Err(TableError::Parquet { .. }) => Err(VaultError::WrongSecret),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes the identities that the vault does not hold yet; the file becomes part of it when the returned change is
    /// committed. `None` when all are known.
    ///
    /// # Errors
    /// [`VaultError::Collision`] when a key stands for another value already.
    pub fn add_identities(
        &self,
        name: &str,
        identities: &[Identity],
    ) -> Result<Option<TableChange>, VaultError> {
        let mut fresh: HashMap<(&str, i64), &str> = HashMap::with_capacity(identities.len());
        for identity in identities {
            let slot = fresh
                .entry((identity.kind, identity.key))
                .or_insert(identity.value.as_str());
            if *slot != identity.value {
                return Err(VaultError::collision(identity.kind, identity.key));
            }
        }
        self.each_identity(|kind, key, value| {
            let Some(word) = kind_word(kind) else {
                return Ok(());
            };
            match fresh.get(&(word, key)) {
                Some(same) if *same != value => return Err(VaultError::collision(kind, key)),
                Some(_) => fresh.remove(&(word, key)),
                None => None,
            };
            Ok(())
        })?;
        if fresh.is_empty() {
            return Ok(None);
        }
        let mut rows: Vec<(&str, i64, &str)> = fresh
            .into_iter()
            .map(|((kind, key), value)| (kind, key, value))
            .collect();
        rows.sort_unstable();
        let schema = Arc::new(Schema::new(vec![
            Field::new("kind", DataType::Utf8, false),
            Field::new("key", DataType::Int64, false),
            Field::new("value", DataType::Utf8, false),
        ]));
        let batch = RecordBatch::try_new(
            schema,
            vec![
                Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0))),
                Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.1))),
                Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.2))),
            ],
        )?;
        self.write(
            IDENTITIES,
            name,
            &batch,
            "Raw identities by pseudonym, encrypted",
        )
        .map(Some)
    }

    /// Writes quarantined raw text; the file becomes part of the vault when the returned change is committed.
    ///
    /// # Errors
    /// When storage fails.
    pub fn add_raw_text(&self, name: &str, texts: &[RawText]) -> Result<TableChange, VaultError> {
        let schema = Arc::new(Schema::new(vec![
            Field::new("load_id", DataType::Utf8, false),
            Field::new("line", DataType::Int64, false),
            Field::new("text", DataType::Utf8, false),
        ]));
        let batch = RecordBatch::try_new(
            schema,
            vec![
                Arc::new(StringArray::from_iter_values(
                    texts.iter().map(|row| &row.load_id),
                )),
                Arc::new(Int64Array::from_iter_values(
                    texts.iter().map(|row| row.line),
                )),
                Arc::new(StringArray::from_iter_values(
                    texts.iter().map(|row| &row.text),
                )),
            ],
        )?;
        self.write(
            RAW_TEXT,
            name,
            &batch,
            "Raw text of quarantined records, encrypted",
        )
    }

    fn write(
        &self,
        table: &str,
        name: &str,
        batch: &RecordBatch,
        description: &str,
    ) -> Result<TableChange, VaultError> {
        let file = self.lake.write_encrypted(table, name, batch, &self.key)?;
        Ok(TableChange {
            table: table.to_owned(),
            schema: delta_schema(table, &batch.schema())?,
            description: description.to_owned(),
            add: vec![file],
            remove: Vec::new(),
            note: BTreeMap::new(),
        })
    }

    fn files(&self, table: &str) -> Result<Vec<DataFile>, VaultError> {
        Ok(self
            .lake
            .snapshot(table)?
            .map(|table| table.files)
            .unwrap_or_default())
    }

    fn each_identity(
        &self,
        mut visit: impl FnMut(&str, i64, &str) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        for file in self.files(IDENTITIES)? {
            for batch in self
                .lake
                .read_rows(IDENTITIES, &file, &[], Some(&self.key))?
            {
                let batch = batch?;
                let kinds = batch.column(0).as_string::<i32>();
                let keys = batch.column(1).as_primitive::<Int64Type>();
                let values = batch.column(2).as_string::<i32>();
                for row in 0..batch.num_rows() {
                    visit(kinds.value(row), keys.value(row), values.value(row))?;
                }
            }
        }
        Ok(())
    }

    /// The raw values behind a key, each with its kind. The use is written to the audit log first.
    ///
    /// # Errors
    /// [`VaultError::Unknown`], or when the audit line cannot be written.
    pub fn reveal(&self, key: i64, reason: &str) -> Result<Vec<(String, String)>, VaultError> {
        let found = self.reveal_all(&BTreeSet::from([key]), reason)?;
        if found.is_empty() {
            return Err(VaultError::Unknown { key: hex(key) });
        }
        Ok(found
            .into_iter()
            .map(|(_, kind, value)| (kind, value))
            .collect())
    }

    /// The raw values behind several keys: key, kind and value, in this order. Each key's use is written to the audit log
    /// first; keys that the vault does not hold give nothing.
    ///
    /// # Errors
    /// When an audit line cannot be written or the vault cannot be read.
    pub fn reveal_all(
        &self,
        keys: &BTreeSet<i64>,
        reason: &str,
    ) -> Result<Vec<(i64, String, String)>, VaultError> {
        for key in keys {
            self.audit("reveal", &hex(*key), reason)?;
        }
        let mut found = Vec::new();
        self.each_identity(|kind, key, value| {
            if keys.contains(&key) {
                found.push((key, kind.to_owned(), value.to_owned()));
            }
            Ok(())
        })?;
        found.sort();
        Ok(found)
    }

    /// Writes one audit line: who, when, which key, why. Never a raw value.
    ///
    /// # Errors
    /// When storage fails; the caller must then not go on.
    pub fn audit(&self, action: &str, key: &str, reason: &str) -> Result<(), VaultError> {
        let moment = clock::now();
        let user = std::env::var("USER")
            .or_else(|_| std::env::var("LOGNAME"))
            .unwrap_or_else(|_| "unknown".to_owned());
        let line = serde_json::json!({
            "at": moment.to_rfc3339(),
            "user": user,
            "process": std::process::id(),
            "action": action,
            "key": key,
            "reason": reason,
        })
        .to_string();
        let name = content_name(line.as_bytes());
        let path = format!(
            "{AUDIT}/{}-{name}.json",
            moment.format("%Y%m%dT%H%M%S%.6fZ")
        );
        self.lake.store().write(&path, line)?;
        Ok(())
    }

    /// Raw text of a quarantined record.
    ///
    /// # Errors
    /// When storage fails.
    pub fn raw_text(&self, load_id: &str, line: i64) -> Result<Option<String>, VaultError> {
        for file in self.files(RAW_TEXT)? {
            for batch in self.lake.read_rows(RAW_TEXT, &file, &[], Some(&self.key))? {
                let batch = batch?;
                let loads = batch.column(0).as_string::<i32>();
                let lines = batch.column(1).as_primitive::<Int64Type>();
                let texts = batch.column(2).as_string::<i32>();
                for row in 0..batch.num_rows() {
                    if loads.value(row) == load_id && lines.value(row) == line {
                        return Ok(Some(texts.value(row).to_owned()));
                    }
                }
            }
        }
        Ok(None)
    }
}

/// The static word of a kind read from a file, by which fresh identities are keyed.
fn kind_word(kind: &str) -> Option<&'static str> {
    use crate::identity::KeyKind::{Account, Name, Person, Phone};
    [Person, Phone, Account, Name]
        .into_iter()
        .map(crate::identity::KeyKind::word)
        .find(|word| *word == kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lake(folder: &std::path::Path) -> Lake {
        let runtime = crate::lake::start_runtime().unwrap();
        let store = crate::lake::Store::open(
            &runtime,
            folder.to_str().unwrap(),
            folder,
            crate::lake::WhenMissing::Make,
        )
        .unwrap();
        Lake::new(store)
    }

    fn identity(key: i64, value: &str) -> Identity {
        Identity {
            kind: "person",
            key,
            value: value.to_owned(),
        }
    }

    #[test]
    fn keeps_reveals_and_audits() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path());
        let vault = Vault::open(&lake, b"secret");
        let number = "370199198506159974";
        let change = vault
            .add_identities("one", &[identity(7, number)])
            .unwrap()
            .unwrap();
        lake.commit(&change).unwrap();
        assert_eq!(
            vault.reveal(7, "test").unwrap(),
            [("person".to_owned(), number.to_owned())]
        );
        assert!(matches!(
            vault.reveal(8, "test"),
            Err(VaultError::Unknown { .. })
        ));
        assert_eq!(lake.store().list(AUDIT).unwrap().len(), 2);
        // Neither the file nor the audit log shows the number, and another secret opens nothing.
        for entry in lake.store().list("").unwrap() {
            let bytes = lake.store().read(&entry.path).unwrap();
            assert!(
                !bytes.windows(18).any(|window| window == number.as_bytes()),
                "{}",
                entry.path
            );
        }
        assert!(Vault::open(&lake, b"other").reveal(7, "test").is_err());
        assert!(matches!(
            Vault::open(&lake, b"other").check_secret(),
            Err(VaultError::WrongSecret)
        ));
        vault.check_secret().unwrap();
        assert!(
            vault
                .add_identities("two", &[identity(7, number)])
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn two_values_of_one_key_refuse_the_load() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(folder.path());
        let vault = Vault::open(&lake, b"secret");
        let both = [identity(7, "a"), identity(7, "b")];
        assert!(matches!(
            vault.add_identities("one", &both),
            Err(VaultError::Collision { .. })
        ));
        let change = vault
            .add_identities("one", &[identity(7, "a")])
            .unwrap()
            .unwrap();
        lake.commit(&change).unwrap();
        let later = vault.add_identities("two", &[identity(7, "b")]);
        assert!(matches!(later, Err(VaultError::Collision { .. })));
    }
}
