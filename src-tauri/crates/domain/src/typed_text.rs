//! What people type, so that nothing in it hides or turns the sentence around it.

use std::borrow::Cow;

/// Orders the text after it to run the other way, or shows nothing at all. The joiners that emoji and Persian are spelt
/// with stay.
const fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e001f}')
}

/// `text` as one line: breaks, tabs and runs of blanks are a blank, nothing is around it, and marks that nobody sees
/// are gone.
pub fn tidy_line(text: &str) -> String {
    let seen: String = text
        .chars()
        .filter(|letter| !is_unseen(*letter))
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same of a note: its lines stay lines.
pub fn tidy_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(tidy_line).collect();
    lines.join("\n").trim().to_owned()
}

/// `name` for the middle of a sentence: what runs from right to left doesn't take the amount after it along.
pub fn isolated(name: &str) -> Cow<'_, str> {
    if name.chars().any(runs_to_the_left) {
        Cow::Owned(format!("\u{2068}{name}\u{2069}"))
    } else {
        Cow::Borrowed(name)
    }
}

/// Hebrew, Arabic, Syriac, Thaana, N’Ko and their like, with their presentation forms.
const fn runs_to_the_left(letter: char) -> bool {
    matches!(letter,
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_gone_and_what_spells_a_name_stays() {
        for (typed, kept) in [
            ("  Ana \u{202e}", "Ana"),
            ("A\nB\u{0}C\tD", "A B C D"),
            ("Le\u{200b}na\u{feff}", "Lena"),
            ("\u{2066}דוד\u{2069}", "דוד"),
            ("Ada   Lovelace", "Ada Lovelace"),
            ("Lena 🎉👩\u{200d}👩\u{200d}👧", "Lena 🎉👩\u{200d}👩\u{200d}👧"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("\u{202e}\n", ""),
        ] {
            assert_eq!(tidy_line(typed), kept, "{typed:?}");
        }
        assert_eq!(tidy_lines(" nuts\u{202e}\r\n\tno  ice \n"), "nuts\nno ice");
    }

    #[test]
    fn only_what_runs_the_other_way_is_isolated() {
        assert_eq!(isolated("Zoë"), "Zoë");
        assert_eq!(isolated("שולחן"), "\u{2068}שולחן\u{2069}");
        assert_eq!(isolated("Table طاولة"), "\u{2068}Table طاولة\u{2069}");
    }
}
