//! Sentences as fragments of an address: what a page shares and `cobden ask` reads.
//!
//! `who=USA&rate=20&on=*&goods=*&answer=CHN,JPN&how=together&with=same&world=4ce52bdc`. The page writes it (`page/src/sentence.ts`); both are held to
//! the same examples.

use cobden_world::Problem;

use super::sentence::{ALL, AnswerRate, AnswerWord, Manner, Sentence};

/// What a fragment says.
#[derive(Clone, Debug, PartialEq)]
pub struct Fragment {
    /// The sentence. What the fragment leaves out: the United States, 20 per cent, everyone, all goods, nobody answers.
    pub sentence: Sentence,
    /// The first digits of the hash of the world that it was made with.
    pub world: Option<String>,
    /// Whether it pins another sentence to compare with, under the same keys after `a.`.
    pub pins: bool,
}

const KEYS: [&str; 8] = ["who", "rate", "on", "goods", "answer", "how", "with", "world"];
/// What stands before the keys of the pinned sentence.
const PINNED: &str = "a.";
/// Longest address that is read, in bytes.
const LONGEST: usize = 16 << 10;

impl Fragment {
    /// Reads a fragment, with or without `#`, or a whole address that ends in one. Names are checked when the sentence is answered.
    ///
    /// ```
    /// use cobden::session::{Fragment, Manner};
    /// let said = Fragment::parse("http://127.0.0.1:8317/#who=EU27&rate=12.5&on=USA,CHN&goods=*&answer=USA&how=each&with=30")?;
    /// assert_eq!((said.sentence.initiator.as_str(), said.sentence.rate_pct), ("EU27", 12.5));
    /// assert_eq!((said.sentence.targets.len(), said.sentence.answer), (2, Manner::Each));
    /// # Ok::<(), cobden::Problem>(())
    /// ```
    ///
    /// # Errors
    /// A key or a word that is not known, a rate that is no number, and what is too long or escaped wrongly.
    pub fn parse(address: &str) -> Result<Self, Problem> {
        if address.len() > LONGEST {
            return Err(Problem::new("the address is too long").help(format!("it may have {LONGEST} bytes")));
        }
        let text = address.split_once('#').map_or(address, |(_, fragment)| fragment);
        let mut said = Self { sentence: Sentence::new("USA", 20.0), world: None, pins: false };
        let mut any = false;
        for part in text.split('&').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let (key, value) = (unescaped(key)?, unescaped(value)?);
            match key.strip_prefix(PINNED) {
                Some(pinned) if KEYS.contains(&pinned) => said.pins = true,
                _ => said.take(&key, &value)?,
            }
            any = true;
        }
        if any { Ok(said) } else { Err(Problem::new("the address says nothing").help(EXAMPLE)) }
    }

    fn take(&mut self, key: &str, value: &str) -> Result<(), Problem> {
        let sentence = &mut self.sentence;
        match key {
            "who" => value.clone_into(&mut sentence.initiator),
            "rate" => sentence.rate_pct = number(key, value)?,
            "on" => sentence.targets = list(value),
            "goods" => sentence.goods = list(value),
            "answer" => sentence.coalition = list(value),
            "how" => sentence.answer = manner(value)?,
            "with" => sentence.answer_rate = rate(value)?,
            "world" => self.world = Some(value.to_owned()).filter(|world| !world.is_empty()),
            _ => return Err(Problem::unknown("key", key, KEYS)),
        }
        Ok(())
    }
}

const EXAMPLE: &str =
    "write it as the page's address does: who=USA&rate=20&on=*&goods=*&answer=CHN,JPN&how=together&with=same";

impl Sentence {
    /// The fragment of an address that says the sentence, without the world's hash.
    ///
    /// ```
    /// use cobden::session::{Fragment, Sentence};
    /// let sentence = Sentence::new("USA", 20.0).answered_by(["CHN", "JPN"]);
    /// assert_eq!(sentence.fragment(), "who=USA&rate=20&on=*&goods=*&answer=CHN,JPN&how=each&with=same");
    /// assert_eq!(Fragment::parse(&sentence.fragment())?.sentence, sentence);
    /// # Ok::<(), cobden::Problem>(())
    /// ```
    pub fn fragment(&self) -> String {
        let list = |names: &[String]| names.iter().map(|name| escaped(name)).collect::<Vec<_>>().join(",");
        let how = match self.answer {
            Manner::None => "none",
            Manner::Each => "each",
            Manner::Together => "together",
        };
        let with = match self.answer_rate {
            AnswerRate::Word(AnswerWord::Same) => "same".to_owned(),
            AnswerRate::Word(AnswerWord::Best) => "best".to_owned(),
            AnswerRate::Points(rate) => rate.to_string(),
        };
        format!(
            "who={}&rate={}&on={}&goods={}&answer={}&how={how}&with={with}",
            escaped(&self.initiator),
            self.rate_pct,
            list(&self.targets),
            list(&self.goods),
            list(&self.coalition)
        )
    }
}

fn number(key: &str, value: &str) -> Result<f64, Problem> {
    value.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(|| {
        Problem::new(format!("{key}={value} is no rate")).help("write per cent as a number, e.g. rate=12.5")
    })
}

fn manner(value: &str) -> Result<Manner, Problem> {
    match value {
        "none" => Ok(Manner::None),
        "each" => Ok(Manner::Each),
        "together" => Ok(Manner::Together),
        _ => Err(Problem::unknown("way to answer", value, ["none", "each", "together"])),
    }
}

fn rate(value: &str) -> Result<AnswerRate, Problem> {
    match value {
        "same" => Ok(AnswerRate::Word(AnswerWord::Same)),
        "best" => Ok(AnswerRate::Word(AnswerWord::Best)),
        _ => number("with", value)
            .map(AnswerRate::Points)
            .map_err(|problem| problem.help("write same, best, or per cent as a number")),
    }
}

fn list(value: &str) -> Vec<String> {
    value.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// A form as browsers read it: `+` is a space, `%2C` a comma.
fn unescaped(text: &str) -> Result<String, Problem> {
    let wrong = || Problem::new(format!("\"{text}\" is escaped wrongly")).help("a % is followed by two digits: %2C");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16)).ok_or_else(wrong);
                let (high, low) = (digit()?, digit()?);
                u8::try_from(16 * high + low).map_err(|_| wrong())?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

/// As `URLSearchParams` writes it.
fn escaped(text: &str) -> String {
    if text == ALL {
        return text.to_owned();
    }
    text.bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            b'*' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_left_out_is_as_on_the_first_page() {
        let said = Fragment::parse("#rate=5").unwrap();
        assert_eq!(said, Fragment { sentence: Sentence::new("USA", 5.0), world: None, pins: false });
        let pinned = Fragment::parse("rate=5&a.rate=10&a.who=CHN&world=12ab").unwrap();
        assert_eq!((pinned.pins, pinned.sentence.rate_pct, pinned.world.as_deref()), (true, 5.0, Some("12ab")));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let wrong = |text: &str| Fragment::parse(text).unwrap_err().to_string();
        for (text, said) in [
            ("", "says nothing"),
            ("http://127.0.0.1:8317/#", "says nothing"),
            ("rat=5", "unknown key \"rat\""),
            ("a.rat=5", "unknown key \"a.rat\""),
            ("rate=much", "rate=much is no rate"),
            ("rate=NaN", "is no rate"),
            ("how=gladly", "unknown way to answer"),
            ("with=love", "is no rate"),
            ("who=%4", "escaped wrongly"),
            ("who=%GG", "escaped wrongly"),
            ("who=%FF", "escaped wrongly"),
        ] {
            assert!(wrong(text).contains(said), "{text}: {}", wrong(text));
        }
        assert!(wrong(&"x".repeat(LONGEST + 1)).contains("too long"));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in ".{0,200}") {
            let _ = Fragment::parse(&text);
        }

        #[test]
        fn a_sentence_comes_back(who in "[A-Za-z &%+#é-]{1,9}", rate in 0.0..1000.0_f64, own in prop::option::of(0.0..1000.0_f64)) {
            let mut sentence = Sentence::new(who.clone(), rate).answered_by([who.as_str(), "JPN"]);
            sentence.answer_rate = own.map_or(AnswerRate::Word(AnswerWord::Best), AnswerRate::Points);
            prop_assert_eq!(Fragment::parse(&sentence.fragment()).unwrap().sentence, sentence);
        }
    }
}
