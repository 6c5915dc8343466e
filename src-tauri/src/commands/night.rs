//! Closing the night.

use super::{Answer, Shell};
use holdfast_desk::{Night, NightChoice, NightSeen};

pub(super) async fn night(shell: &Shell, choices: Vec<NightChoice>) -> Answer<Night> {
    shell.desk().await?.night(&choices).await
}

pub(super) async fn look_night(
    shell: &Shell,
    choices: Vec<NightChoice>,
    seen: Vec<NightSeen>,
) -> Answer<Vec<String>> {
    shell.desk().await?.look_night(&choices, &seen).await
}

pub(super) async fn close_night(
    shell: &Shell,
    choices: Vec<NightChoice>,
    seen: Vec<NightSeen>,
) -> Answer<Night> {
    shell.desk().await?.close_night(&choices, &seen).await
}

pub(super) async fn stop_night(shell: &Shell) -> Answer<Night> {
    shell.desk().await?.stop_night().await
}

pub(super) async fn continue_night(shell: &Shell) -> Answer<Night> {
    shell.desk().await?.continue_night().await
}

pub(super) async fn leave_rest_of_night(shell: &Shell) -> Answer<Night> {
    shell.desk().await?.leave_rest_of_night().await
}
