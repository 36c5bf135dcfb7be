//! Random lives of those who want one object: at any time one of them makes it at most, and nobody is forgotten.

use selvedge::cache::core::Writer;

use super::*;

/// Everybody who has to do with the object.
#[derive(Default)]
struct Crowd {
    waiting: Vec<Asking>,
    obliged: Vec<Transaction>,
    writers: Vec<Writer>,
}

fn any<T>(random: &mut fastrand::Rng, of: &mut Vec<T>) -> Option<T> {
    (!of.is_empty()).then(|| of.swap_remove(random.usize(..of.len())))
}

impl Crowd {
    /// Lets those go on who can.
    fn settle(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain_mut(|asking| match now(asking) {
            Some(transaction) if transaction.must_insert() => {
                self.obliged.push(transaction);
                false
            }
            Some(transaction) => {
                assert!(transaction.found().is_some());
                false
            }
            None => true,
        });
        self.waiting = waiting;
        assert!(self.obliged.len() <= 1, "two make the same");
        let is_made = !self.obliged.is_empty() || !self.writers.is_empty();
        assert!(self.waiting.is_empty() || is_made, "they wait for nobody");
    }

    async fn step(&mut self, site: &Site, random: &mut fastrand::Rng) {
        match random.u8(..12) {
            0..4 => self.waiting.push(site.ask("k").await),
            4 => drop(any(random, &mut self.waiting)),
            5 => drop(any(random, &mut self.obliged)),
            6 => drop(any(random, &mut self.writers)),
            7..9 => {
                if let Some(transaction) = any(random, &mut self.obliged) {
                    self.writers.push(transaction.insert(secs(1)).execute().await.unwrap());
                }
            }
            9 => {
                if let Some(mut writer) = any(random, &mut self.writers) {
                    writer.write("piece").await.unwrap();
                    self.writers.push(writer);
                }
            }
            10 => {
                if let Some(writer) = any(random, &mut self.writers) {
                    writer.finish().await.unwrap();
                }
            }
            _ => site.advance_ms(random.u64(..2000)).await,
        }
    }
}

#[tokio::test]
async fn every_obligation_ends_in_one_way_under_random_drops() {
    for seed in 0..40 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (site, mut crowd) = (Site::start().await, Crowd::default());
        for _ in 0..120 {
            crowd.step(&site, &mut random).await;
            // A task that never yields is not told anything any more.
            tokio::task::yield_now().await;
            crowd.settle();
        }
        // When all but those who wait are gone, each of them gets its turn.
        crowd.writers.clear();
        while !(crowd.waiting.is_empty() && crowd.obliged.is_empty()) {
            tokio::task::yield_now().await;
            crowd.settle();
            crowd.obliged.clear();
        }
        site.advance(1).await;
        assert!(site.transaction("k").await.must_insert(), "seed {seed}");
    }
}
