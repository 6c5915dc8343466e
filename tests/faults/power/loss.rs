//! What a power cut may do to all that was not synced: lose it, reorder it, tear it.

use super::fate::{Fate, Tear};
use rand::{Rng, rngs::StdRng};

/// So many acts are treated one by one; more are treated in even steps.
const ONE_BY_ONE: usize = 40;

/// At most `most` ways to lose what is at stake, the worst first: all of it gone, only its beginning
/// there, only its end, one thing missing, one thing alone, one write torn, and what chance makes of it.
pub(super) fn losses(at_stake: &[Option<usize>], most: usize, rng: &mut StdRng) -> Vec<Vec<Fate>> {
    let all = at_stake.len();
    let mut ways = vec![vec![Fate::Lost; all], vec![Fate::Kept; all]];
    let step = all.div_ceil(ONE_BY_ONE).max(1);
    // The newest matter most: what is older has had more time to reach the disk.
    let chosen: Vec<usize> = (0..all).rev().step_by(step).collect();
    for &at in &chosen {
        ways.push(fates(all, |i| i < at));
        ways.push(fates(all, |i| i >= at));
        ways.push(fates(all, |i| i != at));
        ways.push(fates(all, |i| i == at));
        let tears = Tear::ALL.into_iter().filter(|_| at_stake[at].is_some());
        for tear in tears {
            for is_alone in [false, true] {
                let mut way = fates(all, |i| i < at || !is_alone);
                way[at] = Fate::Torn(tear);
                ways.push(way);
            }
        }
    }
    for _ in 0..all.min(ONE_BY_ONE) {
        ways.push((0..all).map(|_| drawn(rng)).collect());
    }
    thin_out(ways, most)
}

fn fates(all: usize, is_kept: impl Fn(usize) -> bool) -> Vec<Fate> {
    let fate = |i| if is_kept(i) { Fate::Kept } else { Fate::Lost };
    (0..all).map(fate).collect()
}

fn drawn(rng: &mut StdRng) -> Fate {
    match rng.random_range(0..8) {
        0..=2 => Fate::Kept,
        3..=5 => Fate::Lost,
        _ => Fate::Torn(Tear::ALL[rng.random_range(0..Tear::ALL.len())]),
    }
}

/// The first stays; the others are thinned out evenly.
fn thin_out(mut ways: Vec<Vec<Fate>>, most: usize) -> Vec<Vec<Fate>> {
    let rest = ways.split_off(1);
    let step = rest.len().div_ceil(most.max(1)).max(1);
    ways.extend(rest.into_iter().step_by(step));
    ways
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn the_worst_comes_first_and_none_is_without_an_effect() {
        let ways = losses(&[Some(4096), None], 1_000, &mut StdRng::seed_from_u64(1));
        assert_eq!(ways[0], [Fate::Lost, Fate::Lost]);
        assert!(ways.contains(&vec![Fate::Lost, Fate::Kept]), "reordered");
        assert!(
            ways.iter().any(|way| matches!(way[0], Fate::Torn(_))),
            "torn: {ways:?}"
        );
        assert!(!ways.iter().any(|way| matches!(way[1], Fate::Torn(_))) || ways.len() > 12);
        assert_eq!(
            losses(&[Some(1); 500], 30, &mut StdRng::seed_from_u64(1))[0].len(),
            500
        );
    }
}
