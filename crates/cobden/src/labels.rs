//! Names for readers: what a code of a country or sector stands for.

const COUNTRIES: &str = include_str!("../labels/countries.csv");
const SECTORS: &str = include_str!("../labels/sectors.csv");

/// A country as it stands inside a sentence: `the United States`. A code that is not known stands for itself.
///
/// ```
/// assert_eq!(cobden::labels::in_sentence("USA"), "the United States");
/// assert_eq!(cobden::labels::in_sentence("Argentina"), "Argentina");
/// ```
pub fn in_sentence(code: &str) -> String {
    look_up(COUNTRIES, code).unwrap_or(code).to_owned()
}

/// A country as it stands in a table: `United States`.
///
/// ```
/// assert_eq!(cobden::labels::country("ROW"), "Rest of the world");
/// ```
pub fn country(code: &str) -> String {
    capital(look_up(COUNTRIES, code).map_or(code, |name| name.strip_prefix("the ").unwrap_or(name)))
}

/// Every country with a name here: its code, and the name as it stands inside a sentence.
pub fn countries() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = COUNTRIES.lines().skip(1).filter_map(|line| line.split_once(','));
    rows.map(|(code, name)| (code, name.trim_matches('"')))
}

/// A name without its article.
pub fn bare(name: &str) -> &str {
    name.strip_prefix("the ").unwrap_or(name)
}

/// A sector in a table: `Motor vehicles`.
///
/// ```
/// assert_eq!(cobden::labels::sector("AUTO"), "Motor vehicles");
/// ```
pub fn sector(code: &str) -> String {
    look_up(SECTORS, code).unwrap_or(code).to_owned()
}

/// The ISO 3166-1 alpha-3 code behind a name: some worlds name their countries in words. A name that is not known stands for itself.
///
/// ```
/// assert_eq!(cobden::labels::iso3("Argentina"), "ARG");
/// ```
pub fn iso3(name: &str) -> &str {
    let mut rows = COUNTRIES.lines().skip(1).filter_map(|line| line.split_once(','));
    rows.find(|(_, known)| known.strip_prefix("the ").unwrap_or(known) == name).map_or(name, |(code, _)| code)
}

/// The same text with a capital at its start.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `a`, `a and b`, `a, b and c`.
///
/// ```
/// assert_eq!(cobden::labels::listed(&["a".into(), "b".into(), "c".into()]), "a, b and c");
/// ```
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The name of a code. The tables are ours: a line is `code,name`, and a name with commas stands in quotes.
fn look_up(table: &'static str, code: &str) -> Option<&'static str> {
    let mut rows = table.lines().skip(1).filter_map(|line| line.split_once(','));
    rows.find(|(known, _)| *known == code).map(|(_, name)| name.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_complete() {
        for table in [COUNTRIES, SECTORS] {
            let codes: Vec<&str> =
                table.lines().skip(1).filter_map(|line| line.split_once(',')).map(|row| row.0).collect();
            assert_eq!(codes.len(), table.lines().count() - 1);
            assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn names_with_commas_are_whole() {
        assert_eq!(sector("TEX"), "Textiles, clothing, leather");
    }
}
