//! How rows and facts lie in the file.

use redb::{
    Database, Durability, ReadableDatabase, ReadableTable, TableDefinition, TableHandle,
    WriteTransaction,
};
use selvedge_account::Row;

/// The version of what is described here and in the rows; a change of it needs a migration.
pub(super) const SCHEMA: u64 = 1;

pub(super) type Result<T> = std::result::Result<T, redb::Error>;

const ROWS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("rows");
const FACTS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("account_facts");
const SCHEMA_FACT: &str = "schema";
const KEY_CHECK_FACT: &str = "key_check";

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
    Ok(Rows { rows, facts: Facts { key_check } })
}

/// Writes and removes rows in one commit, and syncs it.
pub(super) fn write(database: &Database, changed: &[Row]) -> Result<()> {
    let transaction = begin(database)?;
    let mut rows = transaction.open_table(ROWS)?;
    for (name, text) in changed {
        match text {
            Some(text) => drop(rows.insert(name.as_str(), text.as_slice())?),
            None => drop(rows.remove(name.as_str())?),
        }
    }
    drop(rows);
    Ok(transaction.commit()?)
}

/// Writes the key check, and syncs it.
pub(super) fn write_key_check(database: &Database, check: &[u8]) -> Result<()> {
    let transaction = begin(database)?;
    transaction.open_table(FACTS)?.insert(KEY_CHECK_FACT, check)?;
    Ok(transaction.commit()?)
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
    transaction.open_table(FACTS)?.insert(SCHEMA_FACT, SCHEMA.to_le_bytes().as_slice())?;
    Ok(transaction.commit()?)
}

fn found_schema(transaction: &WriteTransaction) -> Result<Schema> {
    let facts = transaction.open_table(FACTS)?;
    let found = facts.get(SCHEMA_FACT)?.and_then(|found| found.value().try_into().ok());
    Ok(match found.map(u64::from_le_bytes) {
        Some(SCHEMA) => Schema::Known,
        Some(found) if found > SCHEMA => Schema::Newer { found },
        _ => Schema::Foreign,
    })
}
