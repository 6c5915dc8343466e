//! What staff and guests do, from the desk over the wire to the simulator and back: a file a subject. They are one
//! program: one a file would each be compiled and linked by itself, and that takes minutes.

mod asleep;
mod at_once;
mod attention;
mod bill;
mod contract;
mod elsewhere;
mod every_day;
mod floor;
mod guide;
mod late;
mod limits;
mod new_pc;
mod night;
mod presses;
mod reconcile;
mod renew;
mod reports;
mod restore;
mod trouble;
mod watch;
mod worklists;
