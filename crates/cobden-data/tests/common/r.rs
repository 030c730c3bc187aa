//! Files of R, written after "R Internals".

use super::Sample;

/// An object of R.
pub(crate) enum R {
    Text(Vec<String>),
    Integer(Vec<i32>),
    Real(Vec<f64>),
    /// Members with names, and a class.
    List(Vec<(String, R)>, &'static str),
    /// Columns of numbers.
    Matrix(Vec<i32>, usize),
    /// A compact sequence, as R 3.5 and later write `1:n`.
    Sequence(usize),
    /// A factor.
    Factor(Vec<i32>, Vec<String>),
}

/// Bytes of objects, and the symbols that may be referred to.
#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    symbols: Vec<String>,
}

impl Writer {
    fn number(&mut self, number: i32) {
        self.bytes.extend(number.to_be_bytes());
    }

    fn string(&mut self, text: &str) {
        self.number(0x0004_0009);
        self.number(text.len() as i32);
        self.bytes.extend(text.as_bytes());
    }

    fn symbol(&mut self, name: &str) {
        match self.symbols.iter().position(|of| of == name) {
            Some(at) => self.number(((at as i32 + 1) << 8) | 255),
            None => {
                self.symbols.push(name.to_owned());
                self.number(1);
                self.string(name);
            }
        }
    }

    fn strings(&mut self, texts: &[String]) {
        self.number(16);
        self.number(texts.len() as i32);
        texts.iter().for_each(|text| self.string(text));
    }

    fn attribute(&mut self, name: &str, value: &R) {
        self.number(0x402);
        self.symbol(name);
        self.object(value);
    }

    fn integers(&mut self, flags: i32, values: &[i32]) {
        self.number(flags | 13);
        self.number(values.len() as i32);
        values.iter().for_each(|value| self.number(*value));
    }

    fn object(&mut self, object: &R) {
        match object {
            R::Text(texts) => self.strings(texts),
            R::Integer(values) => self.integers(0, values),
            R::Real(values) => {
                self.number(14);
                self.number(values.len() as i32);
                values.iter().for_each(|value| self.bytes.extend(value.to_be_bytes()));
            }
            R::Matrix(values, columns) => {
                self.integers(0x200, values);
                let rows = values.len() / columns;
                self.attribute("dim", &R::Integer(vec![rows as i32, *columns as i32]));
                self.number(254);
            }
            R::Factor(values, levels) => {
                self.integers(0x300, values);
                self.attribute("levels", &R::Text(levels.clone()));
                self.attribute("class", &R::Text(vec!["factor".to_owned()]));
                self.number(254);
            }
            R::List(members, class) => {
                self.number(0x200 | 0x100 | 19);
                self.number(members.len() as i32);
                members.iter().for_each(|(_, member)| self.object(member));
                self.attribute("names", &R::Text(members.iter().map(|(name, _)| name.clone()).collect()));
                self.attribute("class", &R::Text(vec![(*class).to_owned()]));
                self.number(254);
            }
            R::Sequence(length) => {
                self.number(238);
                self.number(2);
                self.symbol("compact_intseq");
                self.number(2);
                self.symbol("base");
                self.number(2);
                self.integers(0, &[13]);
                self.number(254);
                self.object(&R::Real(vec![*length as f64, 1.0, 1.0]));
                self.number(254);
            }
        }
    }
}

/// What `save(name)` writes, before compression.
pub(crate) fn save(name: &str, object: &R) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.bytes.extend(b"RDX3\nX\n");
    [3, 0x0004_0301, 0x0003_0500, 5].into_iter().for_each(|number| writer.number(number));
    writer.bytes.extend(b"UTF-8");
    writer.number(0x402);
    writer.symbol(name);
    writer.object(object);
    writer.number(254);
    writer.bytes
}

/// The data frame of WIOD 2016.
pub(crate) fn wiod2016(sample: &Sample) -> R {
    let (n, j, size) = (sample.regions.len(), sample.sectors.len(), sample.output.len());
    let foot = ["II_fob", "TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM", "GO"];
    let texts = |texts: Vec<&str>| R::Text(texts.into_iter().map(String::from).collect());
    let codes = sample.pairs().iter().map(|(_, sector)| *sector).chain(foot).collect();
    let countries = sample.pairs().iter().map(|(region, _)| *region).chain(["TOT"; 8]).collect();
    let numbers = (0..size).map(|at| (at % j) as i32 + 1).chain(58..66).collect();
    let rows = size + 8;
    let mut columns = vec![
        ("IndustryCode".to_owned(), texts(codes)),
        ("IndustryDescription".to_owned(), R::Factor(vec![1; rows], vec!["An industry".to_owned()])),
        ("Country".to_owned(), texts(countries)),
        ("RNr".to_owned(), R::Integer(numbers)),
        ("Year".to_owned(), R::Integer(vec![2014; rows])),
    ];
    for at in 0..size {
        let foot = [0.0, sample.taxes[at], 0.0, f64::NAN, 0.0, sample.value_added[at], 0.0, sample.output[at]];
        let values = sample.inputs.iter().map(|row| row[at]).chain(foot).collect();
        columns.push((format!("{}{}", sample.regions[at / j], at % j + 1), R::Real(values)));
    }
    for at in 0..n * sample.categories {
        let values = sample.last.iter().map(|row| row[at]).chain([0.0; 8]).collect();
        columns.push((
            format!("{}{}", sample.regions[at / sample.categories], at % sample.categories + 57),
            R::Real(values),
        ));
    }
    columns.push(("TOT".to_owned(), R::Real([&sample.output[..], &[0.0; 8]].concat())));
    R::List(columns, "data.frame")
}
