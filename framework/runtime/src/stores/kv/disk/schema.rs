//! Whose file it is, and which tables it has.

use redb::{Database, ReadableTable, TableDefinition, TableHandle, WriteTransaction};

use super::tables::Tables;

/// The version of what `tables` and `parts` describe; a change of it needs a migration.
pub(super) const SCHEMA: u64 = 2;

/// What the storage can say when it fails.
pub(super) type Result<T> = std::result::Result<T, redb::Error>;

/// Store and key.
pub(super) type ItemKey = (&'static str, &'static str);
/// Generation, when written, when over, length, metadata.
pub(super) type HeadRow = (u64, u64, Option<u64>, u64, &'static str);
/// Store, key and the part's number.
pub(super) type PartKey = (&'static str, &'static str, u32);
/// When over, store and key.
pub(super) type ExpiryKey = (u64, &'static str, &'static str);

pub(super) const HEADS: TableDefinition<'_, ItemKey, HeadRow> = TableDefinition::new("heads");
pub(super) const PARTS: TableDefinition<'_, PartKey, &[u8]> = TableDefinition::new("parts");
/// Which items end when, so that expired ones can be removed without a search.
pub(super) const EXPIRY: TableDefinition<'_, ExpiryKey, ()> = TableDefinition::new("expiry");
pub(super) const FACTS: TableDefinition<'_, &str, u64> = TableDefinition::new("facts");
pub(super) const LAST_GENERATION_FACT: &str = "last_generation";
const SCHEMA_FACT: &str = "schema";

/// Whose file it is.
pub(super) enum Schema {
    /// Ours, or new and ours from now on.
    Known,
    /// Ours, but of another version.
    Other { found: u64 },
    /// A redb file of something else.
    Foreign,
}

/// Makes the tables in a new file; leaves a file that is not ours as it is.
pub(super) fn prepare(database: &Database) -> Result<Schema> {
    let mut transaction = database.begin_write()?;
    transaction.set_quick_repair(true);
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
    let mut facts = transaction.open_table(FACTS)?;
    facts.insert(SCHEMA_FACT, SCHEMA)?;
    drop(facts);
    // Whoever reads finds every table, though nothing was written yet.
    drop(Tables::open(&transaction)?);
    Ok(transaction.commit()?)
}

fn found_schema(transaction: &WriteTransaction) -> Result<Schema> {
    let facts = transaction.open_table(FACTS)?;
    let found = facts.get(SCHEMA_FACT)?.map(|found| found.value());
    Ok(match found {
        Some(SCHEMA) => Schema::Known,
        Some(found) => Schema::Other { found },
        None => Schema::Foreign,
    })
}
