use std::{
    sync::{Arc, Barrier, mpsc},
    thread,
};

use super::Waiting;

#[test]
fn jobs_come_in_order_and_end_when_all_are_done() {
    let waiting = Waiting::default();
    for job in 0..3 {
        assert_eq!(waiting.push(job), Ok(()));
    }
    waiting.end();
    assert_eq!(waiting.push(3), Err(3));
    let done: Vec<i32> = std::iter::from_fn(|| waiting.next()).collect();
    assert_eq!(done, [0, 1, 2]);
}

/// Each job waits for all others of its round: were a thread left asleep, or a job with a busy one, this would not end.
#[test]
fn as_many_jobs_as_threads_are_done_at_once() {
    const THREADS: usize = 4;
    let waiting: Arc<Waiting<Arc<Barrier>>> = Arc::default();
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let waiting = Arc::clone(&waiting);
            thread::spawn(move || {
                while let Some(barrier) = waiting.next() {
                    barrier.wait();
                }
            })
        })
        .collect();
    for _ in 0..2000 {
        let barrier = Arc::new(Barrier::new(THREADS + 1));
        for _ in 0..THREADS {
            assert!(waiting.push(Arc::clone(&barrier)).is_ok());
        }
        barrier.wait();
    }
    waiting.end();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

/// One caller at a time, so that threads sleep, look and work in turn.
#[test]
fn nothing_is_forgotten_between_looking_and_sleeping() {
    let waiting: Arc<Waiting<mpsc::Sender<usize>>> = Arc::default();
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let waiting = Arc::clone(&waiting);
            thread::spawn(move || {
                while let Some(reply) = waiting.next() {
                    reply.send(1).unwrap();
                }
            })
        })
        .collect();
    let mut answers = 0;
    for round in 0..5000 {
        let (reply, answer) = mpsc::channel();
        assert!(waiting.push(reply).is_ok());
        answers += answer.recv().unwrap();
        (0..round % 300).for_each(|_| thread::yield_now());
    }
    waiting.end();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(answers, 5000);
}
