//! The methods of the desk that hand a call on to a part, and use cases that end in a view: what is below is carried
//! out, and the window is told how things look now.

mod house;
mod import;
mod journal;
mod money;
mod night;
mod outcome;
mod reading;
mod report;
mod sweep;
mod tabs;
mod upkeep;
