//! A thread that does one thing after another, for each page only the newest it asked for.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::oneshot;

/// Most orders that wait; one of each page, so this many pages.
const LONGEST: usize = 256;

/// Whether an order still has somebody who waits for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted(Arc<AtomicBool>);

impl Wanted {
    /// Whether to go on.
    pub(crate) fn still(&self) -> bool {
        !self.0.load(Ordering::Relaxed)
    }

    fn call_off(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Calls an order off when nobody waits for it any more.
pub(crate) struct Interest(Wanted);

impl Drop for Interest {
    fn drop(&mut self) {
        self.0.call_off();
    }
}

struct Order {
    page: String,
    wanted: Wanted,
    work: Box<dyn FnOnce(&Wanted) + Send>,
}

#[derive(Default)]
struct Tray {
    waiting: VecDeque<Order>,
    /// Whose order is being worked on.
    current: Option<(String, Wanted)>,
}

/// The thread's end of the counter.
pub(crate) struct Desk {
    tray: Mutex<Tray>,
    bell: Condvar,
}

/// Why an order came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undone {
    /// Too many wait.
    Full,
    /// The same page has asked for something newer.
    Overtaken,
}

impl Desk {
    /// Starts the thread; it ends with the process.
    pub(crate) fn open(name: &str) -> Arc<Self> {
        let desk = Arc::new(Self { tray: Mutex::new(Tray::default()), bell: Condvar::new() });
        let worker = Arc::clone(&desk);
        // Without a thread nothing is answered, and every request says so.
        let _ = thread::Builder::new().name(name.to_owned()).spawn(move || worker.work());
        desk
    }

    /// Has something done, and waits for it. What the same page asked for before is called off.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        page: &str,
        work: impl FnOnce(&Wanted) -> T + Send + 'static,
    ) -> Result<T, Undone> {
        let (done, answer) = oneshot::channel();
        let _interest = self.order(page, move |wanted| {
            // The one who asked may have gone.
            let _ = done.send(work(wanted));
        })?;
        answer.await.map_err(|_| Undone::Overtaken)
    }

    /// Puts something on the tray in the place of what the same page has there.
    pub(crate) fn order(&self, page: &str, work: impl FnOnce(&Wanted) + Send + 'static) -> Result<Interest, Undone> {
        let wanted = Wanted::default();
        let order = Order { page: page.to_owned(), wanted: wanted.clone(), work: Box::new(work) };
        let mut tray = self.tray();
        if let Some((_, current)) = tray.current.as_ref().filter(|(current, _)| current == page) {
            current.call_off();
        }
        match tray.waiting.iter().position(|waiting| waiting.page == page) {
            Some(at) => tray.waiting[at] = order,
            None if tray.waiting.len() >= LONGEST => return Err(Undone::Full),
            None => tray.waiting.push_back(order),
        }
        drop(tray);
        self.bell.notify_one();
        Ok(Interest(wanted))
    }

    fn work(&self) {
        loop {
            let mut tray = self.tray();
            tray.current = None;
            let order = loop {
                match tray.waiting.pop_front() {
                    Some(order) if order.wanted.still() => break order,
                    Some(_) => {}
                    None => tray = self.bell.wait(tray).unwrap_or_else(PoisonError::into_inner),
                }
            };
            tray.current = Some((order.page, order.wanted.clone()));
            drop(tray);
            let (work, wanted) = (order.work, order.wanted);
            // A defect met by one request must not end the answers to all others.
            let _ = catch_unwind(AssertUnwindSafe(|| work(&wanted)));
        }
    }

    fn tray(&self) -> MutexGuard<'_, Tray> {
        self.tray.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    /// A desk whose thread is kept busy until the sender is used or dropped.
    fn busy() -> (Arc<Desk>, mpsc::Sender<()>, Interest) {
        let desk = Desk::open("test");
        let (go, gone) = mpsc::channel::<()>();
        let (begun, begins) = mpsc::channel();
        let interest = desk.order("other page", move |_| {
            begun.send(()).unwrap();
            let _ = gone.recv();
        });
        begins.recv_timeout(Duration::from_secs(10)).unwrap();
        (desk, go, interest.unwrap())
    }

    #[tokio::test]
    async fn the_newest_order_of_a_page_wins() {
        let (desk, go, _interest) = busy();
        let first = desk.ask("page", |_| 1);
        let second = desk.ask("page", |_| 2);
        let third = desk.ask("another", |_| 3);
        let later = async { go.send(()).unwrap() };
        let (first, second, third, ()) = tokio::join!(first, second, third, later);
        assert_eq!((first, second, third), (Err(Undone::Overtaken), Ok(2), Ok(3)));
    }

    #[tokio::test]
    async fn work_in_hand_is_called_off_by_a_newer_order_and_by_nobody_waiting() {
        let (desk, go, interest) = busy();
        let (seen, sees) = mpsc::channel();
        go.send(()).unwrap();
        drop(interest);
        let endless = desk.order("page", move |wanted| {
            while wanted.still() {
                thread::sleep(Duration::from_millis(1));
            }
            seen.send(()).unwrap();
        });
        assert_eq!(desk.ask("page", |_| 7).await, Ok(7));
        // The first may also have been replaced before it began; then it never ran.
        let _ = sees.recv_timeout(Duration::from_millis(100));
        drop(endless);
    }

    #[tokio::test]
    async fn a_panic_ends_one_order_alone() {
        let desk = Desk::open("test");
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let fails = desk.ask("page", |_| -> i32 { panic!("a defect") }).await;
        std::panic::set_hook(hook);
        assert_eq!((fails, desk.ask("page", |_| 1).await), (Err(Undone::Overtaken), Ok(1)));
    }

    #[tokio::test]
    async fn too_many_pages_are_told_so() {
        let (desk, go, _interest) = busy();
        let kept: Vec<Interest> = (0..LONGEST).map(|page| desk.order(&page.to_string(), |_| {}).unwrap()).collect();
        assert_eq!(desk.ask("one more", |_| ()).await, Err(Undone::Full));
        drop((kept, go));
    }
}
