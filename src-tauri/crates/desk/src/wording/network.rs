//! What stands between this PC and Dojo, and what to do about it.

use holdfast_dojo::Obstacle;
use holdfast_domain::NoAnswer;

/// Above the floor.
pub(crate) fn offline(obstacle: Obstacle) -> String {
    format!("Dojo is offline. {} {}", cause(obstacle), cure(obstacle))
}

/// To the person who wanted something of Dojo.
pub(crate) fn not_sent(obstacle: Obstacle) -> String {
    format!("{} Nothing was changed. {}", cause(obstacle), cure(obstacle))
}

/// Why a request has no answer of Dojo's, on its tab.
pub(crate) fn no_answer(why: NoAnswer) -> String {
    let words = match why {
        NoAnswer::NoIntent => "Dojo hasn’t confirmed this request yet.",
        NoAnswer::OpenedElsewhere => "It is opened elsewhere.",
        NoAnswer::Unsendable => "It can’t be sent as it stands. Check the key in Settings.",
        NoAnswer::Unreachable => "Dojo couldn’t be reached.",
        NoAnswer::ConnectionRefused => "The connection to Dojo was refused.",
        NoAnswer::NotConnectedInTime => "The connection to Dojo took too long.",
        NoAnswer::CertificateUntrusted => cause(Obstacle::Inspected),
        NoAnswer::OtherServer => cause(Obstacle::OtherServer),
        NoAnswer::OldTls => cause(Obstacle::OldTls),
        NoAnswer::ClockWrong => cause(Obstacle::ClockWrong),
        NoAnswer::CertificateExpired => cause(Obstacle::Expired),
        NoAnswer::CertificateNotYetValid => cause(Obstacle::NotYetValid),
        NoAnswer::ProxyPassword => cause(Obstacle::ProxyPassword),
        NoAnswer::PermitOver => "This till took too long, so it wasn’t sent.",
        NoAnswer::NotInTime => "Dojo didn’t answer in time.",
        NoAnswer::Broken => "The connection broke before Dojo’s answer was here.",
        NoAnswer::TooLong => "The answer was too long to be Dojo’s.",
        NoAnswer::Unreadable => "We couldn’t read Dojo’s answer.",
        NoAnswer::WebPage => cause(Obstacle::Page),
        NoAnswer::NotDojos(status) => return format!("The answer ({status}) wasn’t Dojo’s."),
        NoAnswer::Conflict => "Dojo says that this conflicts with what it has (409).",
        NoAnswer::Redirected(status) => return format!("The answer led to another address ({status})."),
        NoAnswer::Status(status) => return format!("Dojo answered {status}."),
    };
    words.to_owned()
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
        Obstacle::ProxyPassword => "The proxy wants a password before it lets us through.",
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
        Obstacle::ProxyPassword => {
            "Ask whoever runs the network to let api.dojo.tech through without one, or use another network."
        }
    }
}
