//! WIOD and ADB workbooks: xlsx written by `rust_xlsxwriter`, xlsb by hand after [MS-XLSB].

use super::{Sample, zip};

/// A cell: nothing, a number or a text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum At {
    None,
    Number(f64),
    Text(String),
}

pub(crate) type Grid = Vec<Vec<At>>;

fn text(text: impl Into<String>) -> At {
    At::Text(text.into())
}

/// What tells the layouts apart.
pub(crate) struct Style {
    /// Codes of the sectors.
    pub(crate) codes: &'static [&'static str],
    /// Codes and numbers of final use.
    pub(crate) last: &'static [(&'static str, &'static str)],
    /// Codes, labels and numbers of the rows below.
    pub(crate) foot: &'static [(&'static str, &'static str, &'static str)],
    /// Rows above the codes.
    pub(crate) above: usize,
    /// Blanks hold a blank.
    pub(crate) blanks: bool,
    /// Regions as the file has them.
    pub(crate) names: fn(&str) -> &str,
}

pub(crate) const WIOD2013: Style = Style {
    codes: &["AtB", "C", "15t16", "P"],
    last: &[("", "c37"), ("", "c38"), ("", "c39"), ("", "c41"), ("", "c42")],
    foot: &[
        ("", "Total intermediate consumption", "r60"),
        ("", "taxes less subsidies on products", "r99"),
        ("", "Cif/ fob adjustments on exports", "r61"),
        ("", "Direct purchases abroad by residents", "r62"),
        ("", "Purchases on the domestic territory by non-residents", "r63"),
        ("", "Value added at basic prices", "r64"),
        ("", "International Transport Margins", ""),
        ("", "Output at basic prices", "r69"),
    ],
    above: 2,
    blanks: false,
    names: |region| match region {
        "ROU" => "ROM",
        "ROW" => "RoW",
        _ => region,
    },
};

pub(crate) const WIOD2016: Style = Style {
    codes: &["A01", "B", "C10-C12", "U"],
    last: &[("CONS_h", "c57"), ("CONS_np", "c58"), ("CONS_g", "c59"), ("GFCF", "c60"), ("INVEN", "c61")],
    foot: &[
        ("II_fob", "Total intermediate consumption", "r65"),
        ("TXSP", "taxes less subsidies on products", "r66"),
        ("EXP_adj", "Cif/ fob adjustments on exports", "r67"),
        ("PURR", "Direct purchases abroad by residents", "r68"),
        ("PURNR", "Purchases on the domestic territory by non-residents", "r69"),
        ("VA", "Value added at basic prices", "r70"),
        ("IntTTM", "International Transport Margins", "r71"),
        ("GO", "Output at basic prices", "r73"),
    ],
    above: 2,
    blanks: false,
    names: |region| region,
};

pub(crate) const ADB: Style = Style {
    codes: &["", "", "", ""],
    last: &[("", "F1"), ("", "F2"), ("", "F3"), ("", "F4"), ("", "F5")],
    foot: &[
        ("", "Total intermediate consumption", "r60"),
        ("", "taxes less subsidies on products", "r99"),
        ("", "Cif/ fob adjustments on exports", "r61"),
        ("", "Direct purchases abroad by residents", "r62"),
        ("", "Purchases on the domestic territory by non-residents", "r63"),
        ("", "Value added at basic prices", "r64"),
        ("", "International Transport Margins", "trs"),
        ("", "Output at basic prices", "r69"),
    ],
    above: 4,
    blanks: true,
    names: |region| if region == "ROW" { "RoW" } else { region },
};

/// The sheet of a world.
pub(crate) fn grid(sample: &Sample, style: &Style) -> Grid {
    let mut grid: Grid = vec![vec![text("Intercountry Input-Output Table")], vec![text("in current prices")]];
    grid.extend(vec![Vec::new(); style.above - 2]);
    let blank = || vec![At::None; 4];
    let [mut codes, mut labels, mut regions, mut numbers] = [blank(), blank(), blank(), blank()];
    (codes[2], labels[2]) = (text("(industry-by-industry)"), text("(millions of US$)"));
    let mut column = |code: &str, label: &str, region: &str, number: String| {
        let said = |word: &str| if word.is_empty() { At::None } else { text(word) };
        codes.push(said(code));
        labels.push(text(label));
        regions.push(text(region));
        numbers.push(text(number));
    };
    let number = |k: usize| format!("c{}", k + 1);
    for region in &sample.regions {
        for (k, code) in style.codes.iter().enumerate() {
            column(code, "An industry", (style.names)(region), number(k));
        }
    }
    for region in &sample.regions {
        for (code, number) in style.last {
            column(code, "Use", (style.names)(region), (*number).to_owned());
        }
    }
    column(if style.last[0].0.is_empty() { "" } else { "GO" }, "Total output", "TOT", "c99".to_owned());
    grid.extend([codes, labels, regions, numbers]);
    let value = |value: f64| match value {
        0.0 if style.blanks => text(" "),
        0.0 => At::None,
        value => At::Number(value),
    };
    for (at, (inputs, last)) in sample.inputs.iter().zip(&sample.last).enumerate() {
        let (region, k) = (sample.regions[at / 4], at % 4);
        let mut row = vec![text(style.codes[k]), text("An industry"), text((style.names)(region)), text(number(k))];
        row.extend(inputs.iter().chain(last).chain([&sample.output[at]]).map(|cell| value(*cell)));
        grid.push(row);
    }
    for (at, (code, label, number)) in style.foot.iter().enumerate() {
        let mut row = vec![text(*code), text(*label), text("TOT"), text(*number)];
        // Taxes are spread over the rows that come under them.
        row.extend((0..sample.output.len()).map(|column| match at {
            1 => value(sample.taxes[column] - 1.0),
            2 | 6 => At::Number(0.25),
            3 => At::Number(-0.25),
            4 => At::Number(0.75),
            5 => value(sample.value_added[column]),
            _ => value(sample.output[column]),
        }));
        grid.push(row);
    }
    grid
}

pub(crate) fn xlsx(sheets: &[(&str, &Grid)]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, grid) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).unwrap();
        for (row, cells) in grid.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let (row, column) = (row as u32, column as u16);
                match cell {
                    At::None => {}
                    At::Number(value) => drop(sheet.write_number(row, column, *value).unwrap()),
                    At::Text(text) => drop(sheet.write_string(row, column, text).unwrap()),
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// A record: type and length in bytes of 7 bits, content.
pub(crate) fn record(kind: u32, content: &[u8]) -> Vec<u8> {
    let varying = |mut number: u32| {
        let mut bytes = Vec::new();
        while number >= 0x80 {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
        bytes
    };
    [varying(kind), varying(content.len() as u32), content.to_vec()].concat()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let bytes = units.iter().flat_map(|unit| unit.to_le_bytes());
    (units.len() as u32).to_le_bytes().into_iter().chain(bytes).collect()
}

/// One sheet as a stream of records; strings by number, whole numbers and hundredths in 4 bytes, others in 8.
fn sheet(grid: &Grid, strings: &mut Vec<String>) -> Vec<u8> {
    let mut bytes = record(129, &[]);
    let size = [0, grid.len() as u32, 0, 64].map(u32::to_le_bytes).concat();
    bytes.extend([record(148, &size), record(145, &[])].concat());
    for (row, cells) in grid.iter().enumerate() {
        let height = [&(row as u32).to_le_bytes()[..], &[0; 13]].concat();
        bytes.extend(record(0, &height));
        for (column, cell) in cells.iter().enumerate() {
            let place = [(column as u32).to_le_bytes(), [0; 4]].concat();
            bytes.extend(match cell {
                At::None => record(1, &place),
                At::Text(text) if column == 1 => record(6, &[place, wide(text)].concat()),
                At::Text(text) => {
                    let at = strings.iter().position(|of| of == text).unwrap_or_else(|| {
                        strings.push(text.clone());
                        strings.len() - 1
                    });
                    record(7, &[place, (at as u32).to_le_bytes().to_vec()].concat())
                }
                At::Number(value) if value.fract() == 0.0 && value.abs() < 1e8 => {
                    record(2, &[place, (((*value as i32) << 2) | 2).to_le_bytes().to_vec()].concat())
                }
                At::Number(value) if (value * 100.0).fract() == 0.0 && value.abs() < 1e6 => {
                    record(2, &[place, ((((value * 100.0) as i32) << 2) | 3).to_le_bytes().to_vec()].concat())
                }
                At::Number(value) => record(5, &[place, value.to_le_bytes().to_vec()].concat()),
            });
        }
    }
    bytes.extend([record(146, &[]), record(130, &[])].concat());
    bytes
}

pub(crate) fn xlsb(name: &str, grid: &Grid) -> Vec<u8> {
    let mut strings = Vec::new();
    let sheet = sheet(grid, &mut strings);
    let bundle = [[0; 4].to_vec(), 1u32.to_le_bytes().to_vec(), wide("rId1"), wide(name)].concat();
    let book = [record(131, &[]), record(143, &[]), record(156, &bundle), record(144, &[]), record(132, &[])].concat();
    let count = (strings.len() as u32).to_le_bytes();
    let mut shared = record(159, &[count, count].concat());
    shared.extend(strings.iter().flat_map(|text| record(19, &[vec![0], wide(text)].concat())));
    shared.extend(record(160, &[]));
    let types =
        br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let relations = br#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>"#;
    zip(&[
        ("[Content_Types].xml", types),
        ("xl/workbook.bin", &book),
        ("xl/_rels/workbook.bin.rels", relations),
        ("xl/sharedStrings.bin", &shared),
        ("xl/worksheets/sheet1.bin", &sheet),
    ])
}
