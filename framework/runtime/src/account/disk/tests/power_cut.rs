//! A thousand power cuts: the account is as it was acknowledged last, or as the write that was cut off would have made
//! it, and never anything between.

use fastrand::Rng;
use selvedge_account::{ConfigChange, ConfigOp, SecretMode};

use super::*;

const SEEDS: u64 = 1000;

/// More than any power lasts.
const ROUNDS: usize = 200;

#[test]
fn nothing_acknowledged_is_lost() {
    let failed: Vec<String> = std::thread::scope(|scope| {
        let halves = [0, 1].map(|half| {
            scope.spawn(move || {
                let of_half = (0..SEEDS).filter(|seed| seed % 2 == half);
                let run = |seed| cuts(seed).err().map(|what| format!("seed {seed}: {what}"));
                of_half.filter_map(run).collect::<Vec<_>>()
            })
        });
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// Two cuts, each after the file was opened again after the one before.
fn cuts(seed: u64) -> Result<(), String> {
    let (mut rng, disk, mut fresh) = (Rng::with_seed(seed), Sim::default(), Counted(0));
    // A file is made under another name, so none is ever found half made.
    let (file, _) = disk.rows().map_err(|error| format!("cannot be made: {error}"))?;
    file.write_with_key(&[], b"check").map_err(|error| format!("takes no note: {error}"))?;
    drop(file);
    let mut shown = Account::default();
    for _ in 0..2 {
        disk.dies_after(rng.u64(1..80));
        let mut cut_off = None;
        if let Ok((file, found)) = disk.rows() {
            let is_the_same = are_same(&found.account, &shown);
            for _ in 0..ROUNDS {
                let next = changed(&shown, &mut fresh, &mut rng);
                if write(&file, &shown, &next).is_err() {
                    cut_off = Some(next);
                    break;
                }
                shown = next;
            }
            if !is_the_same {
                return Err("what was found once is not found again".to_owned());
            }
        }
        disk.dies();
        disk.comes_back(&mut rng);
        let (_, found) = disk.rows().map_err(|error| format!("does not open: {error}"))?;
        let may_be = cut_off.iter().chain([&shown]).any(|it| are_same(it, &found.account));
        if !may_be {
            return Err("neither what was acknowledged nor what was cut off".to_owned());
        }
        if found.facts.key_check.as_deref() != Some(b"check") {
            return Err("the key check is gone".to_owned());
        }
        shown = found.account;
    }
    Ok(())
}

/// By what they are on disk: a store without items is the same as one that never had any.
fn are_same(one: &Account, other: &Account) -> bool {
    changes(one, other).is_empty()
}

/// One change, of few rows or of many, which makes, replaces or removes.
fn changed(old: &Account, fresh: &mut Counted, rng: &mut Rng) -> Account {
    let mut new = old.clone();
    let config = store(&mut new, StoreKind::Config, fresh);
    let secrets = store(&mut new, StoreKind::Secret, fresh);
    match rng.u8(..8) {
        0 => {
            let removed = (0..rng.usize(1..40)).map(|number| (number, ConfigOp::Delete));
            let there =
                removed.filter(|(n, _)| new.config_item(&config, &format!("k{n}")).is_some());
            let there: Vec<_> =
                there.map(|(n, op)| ConfigChange { key: format!("k{n}"), op }).collect();
            new.change_config(&config, &there, fresh).unwrap();
        }
        1..3 => {
            let sealed = (vec![rng.u8(..); rng.usize(1..60_000)], rng.u64(..).to_string());
            let mode = SecretMode::CreateOrRecreate;
            new.put_secret(&secrets, &format!("n{}", rng.u8(..4)), mode, sealed, fresh).unwrap();
        }
        _ => {
            let value = |rng: &mut Rng| rng.u64(..).to_string().repeat(rng.usize(1..300));
            let changes: Vec<_> = (0..rng.usize(1..40))
                .map(|n| ConfigChange { key: format!("k{n}"), op: ConfigOp::Upsert(value(rng)) })
                .collect();
            new.change_config(&config, &changes, fresh).unwrap();
        }
    }
    new
}

/// The id of the one store of a kind, which is made where there is none.
fn store(account: &mut Account, kind: StoreKind, fresh: &mut Counted) -> String {
    let found = account.stores(kind).next().map(|store| store.id.to_string());
    let made = || account.create_store(kind, "s", Maker::Person, fresh).unwrap().id.to_string();
    found.unwrap_or_else(made)
}
