//! How rows and facts lie in the file.

use redb::{
    Database, Durability, ReadableDatabase, ReadableTable, TableDefinition, TableHandle,
    WriteTransaction,
};
use selvedge_account::Row;

use super::digest::{Digest, Entry};

/// The version of what is described here and in the rows; a change of it needs a migration.
pub(super) const SCHEMA: u64 = 2;
/// The first one had no digest. A file that has it gets one with its first write.
const WITHOUT_DIGEST: u64 = 1;

pub(super) type Result<T> = std::result::Result<T, redb::Error>;

const ROWS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("rows");
const FACTS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("account_facts");
const SCHEMA_FACT: &str = "schema";
const KEY_CHECK_FACT: &str = "key_check";
const DIGEST_FACT: &str = "digest";
/// As what the key check counts in the digest; no row has such a name.
const KEY_CHECK_ENTRY: &str = "key check";

/// Whose file it is.
pub(super) enum Schema {
    /// Ours, or new and ours from now on.
    Known,
    /// Ours, but from a later version.
    Newer { found: u64 },
    /// A redb file of something else.
    Foreign,
}

/// What is known of the file beside its rows.
#[derive(Clone, Debug, Default)]
pub(in crate::account) struct Facts {
    /// A known text, sealed with the key with which all secrets here are.
    pub(in crate::account) key_check: Option<Vec<u8>>,
}

/// What is to be written in one commit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Write<'a> {
    pub(super) rows: &'a [Row],
    /// Another key check, where secrets are sealed with another key from now on.
    pub(super) key_check: Option<&'a [u8]>,
}

/// All that a file holds.
pub(super) struct Rows {
    pub(super) rows: Vec<(String, Vec<u8>)>,
    pub(super) facts: Facts,
}

/// Makes the tables in a new file; leaves a file that is not ours as it is.
pub(super) fn prepare(database: &Database) -> Result<Schema> {
    let transaction = begin(database)?;
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

/// Reads all of it.
pub(super) fn read(database: &Database) -> Result<Rows> {
    let transaction = database.begin_read()?;
    let table = transaction.open_table(ROWS)?;
    let mut rows = Vec::new();
    for row in table.iter()? {
        let (name, text) = row?;
        rows.push((name.value().to_owned(), text.value().to_owned()));
    }
    let facts = transaction.open_table(FACTS)?;
    let key_check = facts.get(KEY_CHECK_FACT)?.map(|check| check.value().to_owned());
    let entries = rows.iter().map(|(name, text)| (name.as_str(), text.as_slice()));
    check_digest(&facts, Digest::of(entries.chain(key_entry(key_check.as_deref()))))?;
    Ok(Rows { rows, facts: Facts { key_check } })
}

/// What was read is what was written.
fn check_digest(
    facts: &impl ReadableTable<&'static str, &'static [u8]>,
    read: Digest,
) -> Result<()> {
    let written = digest(facts)?;
    let is_old = schema(facts)? == Some(WITHOUT_DIGEST);
    match written {
        Some(written) if written == read => Ok(()),
        None if is_old => Ok(()),
        _ => Err(redb::Error::Corrupted("it does not hold what was written to it".to_owned())),
    }
}

/// Writes and removes rows in one commit, and syncs it.
pub(super) fn write(database: &Database, write: Write<'_>) -> Result<()> {
    let transaction = begin(database)?;
    let (mut rows, mut facts) = (transaction.open_table(ROWS)?, transaction.open_table(FACTS)?);
    let mut sum = match digest(&facts)? {
        Some(digest) => digest,
        None => digest_now(&rows, &facts)?,
    };
    for (name, text) in write.rows {
        let old = match text {
            Some(text) => rows.insert(name.as_str(), text.as_slice())?,
            None => rows.remove(name.as_str())?,
        };
        let old = old.map(|old| old.value().to_owned());
        let both = old.iter().chain(text);
        both.for_each(|text| sum.turn((name.as_str(), text.as_slice())));
    }
    if let Some(check) = write.key_check {
        let old = facts.insert(KEY_CHECK_FACT, check)?.map(|old| old.value().to_owned());
        let both = key_entry(old.as_deref()).chain(key_entry(Some(check)));
        both.for_each(|entry| sum.turn(entry));
    }
    facts.insert(DIGEST_FACT, sum.bytes())?;
    facts.insert(SCHEMA_FACT, SCHEMA.to_le_bytes().as_slice())?;
    drop((rows, facts));
    Ok(transaction.commit()?)
}

fn digest_now(
    rows: &impl ReadableTable<&'static str, &'static [u8]>,
    facts: &impl ReadableTable<&'static str, &'static [u8]>,
) -> Result<Digest> {
    let check = facts.get(KEY_CHECK_FACT)?.map(|check| check.value().to_owned());
    let mut digest = Digest::of(key_entry(check.as_deref()));
    for row in rows.iter()? {
        let (name, text) = row?;
        digest.turn((name.value(), text.value()));
    }
    Ok(digest)
}

fn digest(facts: &impl ReadableTable<&'static str, &'static [u8]>) -> Result<Option<Digest>> {
    Ok(facts.get(DIGEST_FACT)?.map(|digest| Digest::parse(digest.value()).unwrap_or_default()))
}

fn key_entry(check: Option<&[u8]>) -> impl Iterator<Item = Entry<'_>> {
    check.into_iter().map(|check| (KEY_CHECK_ENTRY, check))
}

/// Every commit is synced, and leaves what a start after a crash needs to be quick.
fn begin(database: &Database) -> Result<WriteTransaction> {
    let mut transaction = database.begin_write()?;
    transaction.set_durability(Durability::Immediate)?;
    transaction.set_quick_repair(true);
    Ok(transaction)
}

fn create(transaction: WriteTransaction) -> Result<()> {
    transaction.open_table(ROWS)?;
    let mut facts = transaction.open_table(FACTS)?;
    facts.insert(SCHEMA_FACT, SCHEMA.to_le_bytes().as_slice())?;
    facts.insert(DIGEST_FACT, Digest::default().bytes())?;
    drop(facts);
    Ok(transaction.commit()?)
}

fn found_schema(transaction: &WriteTransaction) -> Result<Schema> {
    Ok(match schema(&transaction.open_table(FACTS)?)? {
        Some(SCHEMA | WITHOUT_DIGEST) => Schema::Known,
        Some(found) if found > SCHEMA => Schema::Newer { found },
        _ => Schema::Foreign,
    })
}

fn schema(facts: &impl ReadableTable<&'static str, &'static [u8]>) -> Result<Option<u64>> {
    let found = facts.get(SCHEMA_FACT)?.and_then(|found| found.value().try_into().ok());
    Ok(found.map(u64::from_le_bytes))
}
