//! A test that awaits what nobody will ever bring about: it fails and says why, where it would hang.
//!
//! Only where a scripted reply is held back by the clock or by a gate, and nobody lets it go for so long by the machine's own
//! time that somebody else who would (another task, another thread) had every chance. No test that passes waits for this.

use std::{
    panic::Location,
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, mpsc},
    task::{Context, Waker},
    thread,
    time::{Duration, Instant},
};

use crate::origin::Stage;

/// How long somebody else has.
const PATIENCE: Duration = Duration::from_secs(30);

/// The patience of one await.
#[derive(Default)]
pub(crate) struct Patience(Option<(Instant, Bell)>);

/// Who is woken when patience has come to its end; nobody, once there is an answer.
#[derive(Clone, Default)]
struct Bell(Arc<Mutex<Option<Waker>>>);

impl Patience {
    /// Called whenever there is still no answer.
    pub(crate) fn check(&mut self, cx: &Context<'_>, stage: &Stage, asked_at: &Location<'_>) {
        self.check_for(PATIENCE, cx, stage, asked_at);
    }

    #[expect(clippy::panic, reason = "a test that waits for good has failed")]
    fn check_for(
        &mut self,
        patience: Duration,
        cx: &Context<'_>,
        stage: &Stage,
        asked_at: &Location<'_>,
    ) {
        match &self.0 {
            Some((since, bell)) if since.elapsed() < patience => bell.is_for(cx.waker()),
            Some(_) if stage.holds_any() => panic!(
                "the answer waits for a reply that the clock or a gate holds back, and nobody moves either\n  \
                 hint: `let asked = ..begin();`, then `edge.advance(..).await` or open the gate, then `asked.await`\n  \
                 asked at {asked_at}"
            ),
            _ => {
                let (now, bell) = (Instant::now(), Bell::default());
                bell.is_for(cx.waker());
                ring_at(now + patience, bell.clone());
                self.0 = Some((now, bell));
            }
        }
    }
}

impl Drop for Patience {
    fn drop(&mut self) {
        if let Some((_, bell)) = &self.0 {
            drop(bell.waker().take());
        }
    }
}

impl Bell {
    fn is_for(&self, waker: &Waker) {
        match &mut *self.waker() {
            Some(kept) => kept.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }

    fn ring(&self) {
        let waker = self.waker().take();
        waker.into_iter().for_each(Waker::wake);
    }

    fn waker(&self) -> MutexGuard<'_, Option<Waker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One thread of the test program rings for all; those who came first, first.
fn ring_at(then: Instant, bell: Bell) {
    static ALARM: LazyLock<mpsc::Sender<(Instant, Bell)>> = LazyLock::new(|| {
        let (sender, waiting) = mpsc::channel::<(Instant, Bell)>();
        thread::spawn(move || {
            for (then, bell) in waiting {
                thread::sleep(then.saturating_duration_since(Instant::now()));
                bell.ring();
            }
        });
        sender
    });
    // The thread never ends; were it gone, a test would hang as it did without it.
    let _ = ALARM.send((then, bell));
}

#[cfg(test)]
mod tests;
