//! How items lie in the KV file.
//!
//! Heads and values are apart, so that listing keys and checking conditions does not read values,
//! which may be 25 MiB each. The key is (store, key): within a store, the table's order is the
//! byte order of keys.

use bytes::Bytes;
use redb::{Database, ReadableTable, Table, TableDefinition, TableHandle, WriteTransaction};

use crate::stores::kv::rule::{Head, Stored};

/// The version of what is described here; a change of it needs a migration.
pub(super) const SCHEMA: u64 = 1;

/// What the storage can say when it fails.
pub(super) type Result<T> = std::result::Result<T, redb::Error>;

pub(super) type ItemKey = (&'static str, &'static str);
/// Generation, expiry, metadata.
pub(super) type HeadRow = (u64, Option<u64>, &'static str);
type ExpiryKey = (u64, &'static str, &'static str);

pub(super) const HEADS: TableDefinition<'_, ItemKey, HeadRow> = TableDefinition::new("heads");
pub(super) const VALUES: TableDefinition<'_, ItemKey, &[u8]> = TableDefinition::new("values");
/// Which items end when, so that expired ones can be removed without a search.
const EXPIRY: TableDefinition<'_, ExpiryKey, ()> = TableDefinition::new("expiry");
const FACTS: TableDefinition<'_, &str, u64> = TableDefinition::new("facts");
const SCHEMA_FACT: &str = "schema";
const LAST_GENERATION_FACT: &str = "last_generation";

/// How many expired items one commit removes at most, so that a mass expiry delays no write much.
const SWEEP_MAX: usize = 256;

/// Whose file it is.
pub(super) enum Schema {
    /// Ours, or new and ours from now on.
    Known,
    /// Ours, but from a later version.
    Newer { found: u64 },
    /// A redb file of something else.
    Foreign,
}

/// Makes the tables in a new file; leaves a file that is not ours as it is.
pub(super) fn prepare(database: &Database) -> Result<Schema> {
    let transaction = database.begin_write()?;
    let mut names = transaction.list_tables()?.map(|table| table.name().to_owned()).peekable();
    let is_new = names.peek().is_none();
    let is_ours = names.any(|name| name == FACTS.name());
    drop(names);
    match (is_new, is_ours) {
        (true, _) => create(transaction).map(|()| Schema::Known),
        (false, true) => found_schema(&transaction),
        (false, false) => Ok(Schema::Foreign),
    }
}

fn create(transaction: WriteTransaction) -> Result<()> {
    let mut tables = Tables::open(&transaction)?;
    tables.facts.insert(SCHEMA_FACT, SCHEMA)?;
    drop(tables);
    Ok(transaction.commit()?)
}

fn found_schema(transaction: &WriteTransaction) -> Result<Schema> {
    let facts = transaction.open_table(FACTS)?;
    let found = facts.get(SCHEMA_FACT)?.map(|found| found.value());
    Ok(match found {
        Some(SCHEMA) => Schema::Known,
        Some(found) if found > SCHEMA => Schema::Newer { found },
        _ => Schema::Foreign,
    })
}

/// The tables within one write transaction; nothing is visible to others before its commit.
pub(super) struct Tables<'t> {
    heads: Table<'t, ItemKey, HeadRow>,
    values: Table<'t, ItemKey, &'static [u8]>,
    expiry: Table<'t, ExpiryKey, ()>,
    facts: Table<'t, &'static str, u64>,
}

impl<'t> Tables<'t> {
    pub(super) fn open(transaction: &'t WriteTransaction) -> Result<Self> {
        Ok(Self {
            heads: transaction.open_table(HEADS)?,
            values: transaction.open_table(VALUES)?,
            expiry: transaction.open_table(EXPIRY)?,
            facts: transaction.open_table(FACTS)?,
        })
    }

    /// The newest generation of the file; it outlives the item that it was given to.
    pub(super) fn last_generation(&self) -> Result<u64> {
        Ok(self.facts.get(LAST_GENERATION_FACT)?.map_or(0, |last| last.value()))
    }

    pub(super) fn head(&self, place: (&str, &str)) -> Result<Option<Head>> {
        Ok(self.heads.get(place)?.map(|row| head_of(row.value())))
    }

    pub(super) fn value(&self, place: (&str, &str)) -> Result<Bytes> {
        read_value(&self.values, place)
    }

    pub(super) fn insert(&mut self, place: (&str, &str), stored: &Stored) -> Result<()> {
        let Head { generation, expires_ms, metadata } = &stored.head;
        self.forget_expiry(place)?;
        if let Some(at) = *expires_ms {
            self.expiry.insert((at, place.0, place.1), ())?;
        }
        self.heads.insert(place, (*generation, *expires_ms, metadata.as_str()))?;
        self.values.insert(place, stored.value.as_ref())?;
        self.facts.insert(LAST_GENERATION_FACT, *generation)?;
        Ok(())
    }

    pub(super) fn remove(&mut self, place: (&str, &str)) -> Result<()> {
        self.forget_expiry(place)?;
        self.heads.remove(place)?;
        self.values.remove(place)?;
        Ok(())
    }

    /// Removes items that are over, the longest over first.
    pub(super) fn sweep(&mut self, now_ms: u64) -> Result<()> {
        for _ in 0..SWEEP_MAX {
            let first = self.expiry.first()?.map(|(row, _)| {
                let (at, store, key) = row.value();
                (at, store.to_owned(), key.to_owned())
            });
            match first {
                Some((at, store, key)) if at <= now_ms => self.remove((&store, &key))?,
                _ => break,
            }
        }
        Ok(())
    }

    fn forget_expiry(&mut self, place: (&str, &str)) -> Result<()> {
        if let Some(at) = self.head(place)?.and_then(|head| head.expires_ms) {
            self.expiry.remove((at, place.0, place.1))?;
        }
        Ok(())
    }
}

pub(super) fn head_of((generation, expires_ms, metadata): (u64, Option<u64>, &str)) -> Head {
    Head { generation, expires_ms, metadata: metadata.to_owned() }
}

pub(super) fn read_value(
    values: &impl ReadableTable<ItemKey, &'static [u8]>,
    place: (&str, &str),
) -> Result<Bytes> {
    let value = values.get(place)?;
    // Both rows are written in one commit, so a head without a value is a damaged file.
    let value = value.ok_or_else(|| redb::Error::Corrupted("an item has no value".to_owned()))?;
    Ok(Bytes::copy_from_slice(value.value()))
}
