//! Ids, drawn from a seed and a counter, so that a run can be repeated and a restart repeats none.

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::Engine;

impl Engine {
    fn draw(&mut self) -> StdRng {
        self.state.counter = self.state.counter.wrapping_add(1);
        StdRng::seed_from_u64(self.state.seed.wrapping_add(self.state.counter.rotate_left(32)))
    }

    /// A prefix and 22 characters, as Dojo's ids have them.
    pub(super) fn id(&mut self, prefix: &str) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut rng = self.draw();
        let letters = (0..22).filter_map(|_| {
            LETTERS
                .get(rng.random_range(0..LETTERS.len()))
                .map(|byte| char::from(*byte))
        });
        prefix.chars().chain(letters).collect()
    }

    pub(super) fn transaction_id(&mut self) -> String {
        let mut rng = self.draw();
        let (a, b, c): (u32, u64, u16) = (rng.random(), rng.random(), rng.random());
        format!(
            "{a:08x}-{c:04x}-4{:03x}-9{:03x}-{:012x}",
            c & 0xfff,
            (c >> 4) & 0xfff,
            b & 0xffff_ffff_ffff
        )
    }

    pub(super) fn trace(&mut self) -> String {
        let mut rng = self.draw();
        let (trace, span): (u128, u64) = (rng.random(), rng.random());
        format!("00-{trace:032x}-{span:016x}-01")
    }
}
