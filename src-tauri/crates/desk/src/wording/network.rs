//! What stands between this PC and Dojo, and what to do about it.

use holdfast_dojo::Obstacle;

/// Above the floor.
pub(crate) fn offline(obstacle: Obstacle) -> String {
    format!("Dojo is offline. {} {}", cause(obstacle), cure(obstacle))
}

/// To the person who wanted something of Dojo.
pub(crate) fn not_sent(obstacle: Obstacle) -> String {
    format!("{} Nothing was changed. {}", cause(obstacle), cure(obstacle))
}

fn cause(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Inspected => {
            "Something on this network opens our connections to Dojo, or answers in its place: the certificate isn’t \
             one that we trust."
        }
        Obstacle::Expired => "By this PC’s clock, Dojo’s certificate has just expired.",
        Obstacle::NotYetValid => "By this PC’s clock, Dojo’s certificate isn’t valid yet: the clock is slow.",
        Obstacle::ClockWrong => "This PC’s date is wrong, so Dojo’s certificate can’t be checked.",
        Obstacle::OtherServer => "Another server answered in Dojo’s place, as a network’s sign-in does.",
        Obstacle::OldTls => "Something on this network speaks an old TLS that we don’t use.",
        Obstacle::Page => {
            "A web page came instead of Dojo’s answer, as a network’s sign-in or a proxy sends."
        }
    }
}

fn cure(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Inspected | Obstacle::OldTls => {
            "Ask whoever runs the network to let api.dojo.tech through unopened, or use another network."
        }
        Obstacle::Expired => "Check this PC’s date and time. If they’re right, ask Dojo.",
        Obstacle::NotYetValid | Obstacle::ClockWrong => "Set this PC’s date and time.",
        Obstacle::OtherServer | Obstacle::Page => {
            "Open a browser and sign in to the network, or check its proxy."
        }
    }
}
