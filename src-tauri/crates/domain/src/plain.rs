//! Names as they are compared: without case, without accents.

use icu_normalizer::{DecomposingNormalizerBorrowed, properties::CanonicalCombiningClassMapBorrowed};

/// `text` as anybody might type it: `Ámira` is `amira`, `STRAẞE` is `strasse`, `أميرة` is `اميرة`.
/// For comparing and finding only, never for showing.
pub fn plain(text: &str) -> String {
    let marks = CanonicalCombiningClassMapBorrowed::new();
    let parted = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let mut plain = String::with_capacity(parted.len());
    for letter in parted.chars().filter(|c| marks.get_u8(*c) == 0) {
        for letter in letter.to_lowercase().filter(|c| marks.get_u8(*c) == 0) {
            match of_two(letter) {
                Some(letters) => plain.push_str(letters),
                None => plain.push(letter),
            }
        }
    }
    plain
}

/// A guest's name as two people may type it: `Séan O’Brien-Łuk` and `sean  obrien luk` are one guest. Empty where
/// nothing in it is a letter, a digit or a picture.
pub fn guest(name: &str) -> String {
    let is_between =
        |c: char| c.is_whitespace() || c.is_ascii_punctuation() || matches!(c, '\u{2010}'..='\u{2027}');
    plain(name)
        .chars()
        // Accents that are typed apart stand between letters.
        .filter(|c| !is_between(*c) && !matches!(c, '´' | '\u{200c}' | '\u{200d}'))
        .collect()
}

/// Letters that Unicode does not part, as people without their key type them.
const fn of_two(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{guest, plain};

    #[test]
    fn blanks_hyphens_and_apostrophes_make_no_other_guest() {
        for same in [
            "Jean-Luc O’Neil",
            "jean luc o'neil",
            " JEANLUC  ONEIL",
            "Jean‑Luc O´Neil",
        ] {
            assert_eq!(guest(same), "jeanluconeil", "{same}");
        }
        assert_eq!(guest("Table 11"), "table11");
        assert_eq!(guest("🎉"), "🎉");
        assert_eq!(guest(" … "), "");
    }

    #[test]
    fn case_accents_and_letters_that_keyboards_lack_do_not_matter() {
        for (typed, same) in [
            ("Ámira", "amira"),
            ("ZOË", "zoe"),
            ("Nguyễn", "nguyen"),
            ("Łukasz Ørsted", "lukasz orsted"),
            ("STRAẞE", "strasse"),
            ("İpek", "ipek"),
            ("أميرة", "اميرة"),
            ("Ａｍｉｒａ", "amira"),
            ("🎉", "🎉"),
        ] {
            assert_eq!(plain(typed), same, "{typed}");
        }
    }
}
