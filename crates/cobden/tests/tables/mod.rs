//! An inter-country table of four regions and four industries, as the OECD writes it.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fmt::Write as _;

pub(crate) const REGIONS: [&str; 4] = ["CHN", "DEU", "USA", "ROW"];
pub(crate) const INDUSTRIES: [&str; 4] = ["A01", "C29", "G", "K"];

/// What industry `k` of `i` sells to industry `j` of `n`.
pub(crate) fn use_of(i: usize, k: usize, n: usize, j: usize) -> f64 {
    let size = [30.0, 20.0, 40.0, 25.0];
    let home = if i == n { 8.0 } else { 0.5 };
    home * (size[i] + size[n]) * (1.0 + ((3 * k + 5 * j + i) % 4) as f64) / 10.0
}

pub(crate) fn final_of(i: usize, k: usize, n: usize) -> f64 {
    20.0 * use_of(i, k, n, (k + 1) % 4)
}

/// The table as the OECD writes it; `stocks` are a change of stocks of German cars in the United States.
pub(crate) fn icio(stocks: f64) -> String {
    let label = |n: usize, code: &str| format!("{}_{code}", REGIONS[n]);
    let mut header = vec!["V1".to_owned()];
    header.extend((0..4).flat_map(|n| INDUSTRIES.map(|code| label(n, code))));
    let finals = ["HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR"];
    header.extend((0..4).flat_map(|n| finals.map(|code| label(n, code))));
    header.push("OUT".to_owned());
    let mut rows = vec![header];
    let (mut spent, mut output) = (vec![0.0; 16], vec![0.0; 16]);
    for i in 0..4 {
        for k in 0..4 {
            let mut row = vec![label(i, INDUSTRIES[k])];
            let mut sum = 0.0;
            for (at, spent) in spent.iter_mut().enumerate() {
                let value = use_of(i, k, at / 4, at % 4);
                sum += value;
                *spent += value;
                row.push(value.to_string());
            }
            for n in 0..4 {
                let change = if (i, k, n) == (1, 1, 2) { stocks } else { 0.0 };
                sum += final_of(i, k, n) + change;
                row.extend([final_of(i, k, n), 0.0, 0.0, 0.0, change, 0.0].map(|value| value.to_string()));
            }
            output[4 * i + k] = sum;
            row.push(sum.to_string());
            rows.push(row);
        }
    }
    // A fiftieth of output is taxes on what the industry uses.
    let foot = |name: &str, value: &dyn Fn(usize) -> f64| {
        let values = (0..16).map(|at| value(at).to_string());
        let rest = std::iter::repeat_n("0".to_owned(), 25);
        std::iter::once(name.to_owned()).chain(values).chain(rest).collect::<Vec<_>>()
    };
    rows.push(foot("TLS", &|at| 0.02 * output[at]));
    rows.push(foot("VA", &|at| 0.98 * output[at] - spent[at]));
    rows.push(foot("OUT", &|at| output[at]));
    rows.iter().fold(String::new(), |mut text, row| {
        let _ = writeln!(text, "{}", row.join(","));
        text
    })
}
