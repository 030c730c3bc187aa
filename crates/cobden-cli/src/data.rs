//! `cobden data`: list, show, get.

use std::path::Path;
use std::process::ExitCode;

use cobden::Failure;
use cobden::data::{self, Dataset, Fetched, Wanted};

use crate::arguments::{DataArguments, DataCommand, GetArguments, ListForm};
use crate::failure;
use crate::output::{WIDTH, print, progress, remark, wrap};
use crate::table::{Column, aligned, shortened};

/// Not fetched.
const NOT_FETCHED: u8 = 1;
/// Longest title in the list.
const TITLE: usize = 24;
/// Longest years in the list.
const YEARS: usize = 10;
/// Longest licence in the list.
const LICENCE: usize = 12;

pub(crate) fn data(arguments: &DataArguments) -> Result<ExitCode, Failure> {
    match &arguments.command {
        DataCommand::List { format } => list(*format),
        DataCommand::Show { name, format } => show(name, *format),
        DataCommand::Get(arguments) => get(arguments),
    }
}

fn list(format: ListForm) -> Result<ExitCode, Failure> {
    let text = match format {
        ListForm::Json => data::json(data::all())?,
        ListForm::Table => table(data::all()),
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn table(datasets: &[Dataset]) -> String {
    let header = ["name", "title", "years", "size", "licence", "to be had", ""].map(String::from);
    let rows: Vec<Vec<String>> = datasets
        .iter()
        .map(|dataset| {
            vec![
                dataset.name.clone(),
                shortened(&dataset.title, TITLE),
                shortened(&dataset.years, YEARS),
                size(dataset).unwrap_or_default(),
                shortened(dataset.spdx.as_deref().unwrap_or("see show"), LICENCE),
                dataset.access.words().to_owned(),
                if dataset.verified { String::new() } else { "?".to_owned() },
            ]
        })
        .collect();
    let mut text = aligned(&[Column::Words; 7], &header, &rows, "");
    text.push_str("\n? something about it could not be verified: cobden data show NAME says what\n");
    text
}

/// `81 x 50`.
fn size(dataset: &Dataset) -> Option<String> {
    match (dataset.regions, dataset.sectors) {
        (Some(regions), Some(sectors)) => Some(format!("{regions} x {sectors}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_string()),
        (None, None) => None,
    }
}

fn show(name: &str, format: ListForm) -> Result<ExitCode, Failure> {
    let dataset = data::find(name)?;
    let text = match format {
        ListForm::Json => data::json(std::slice::from_ref(dataset))?,
        ListForm::Table => whole(dataset),
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn whole(dataset: &Dataset) -> String {
    let mut text = format!("{}: {}\n\n", dataset.name, dataset.title);
    let licence = match &dataset.spdx {
        Some(spdx) => format!("{} ({spdx})", dataset.licence),
        None => dataset.licence.clone(),
    };
    let said = [
        ("Publisher", Some(dataset.publisher.clone())),
        ("Edition", Some(dataset.edition.clone())),
        ("Page", Some(dataset.page.clone())),
        ("To be had", Some(dataset.access.words().to_owned())),
        ("Licence", Some(licence)),
        ("Terms", dataset.terms.clone()),
        ("Pass on", Some(dataset.redistribution.clone())),
        ("Cite", Some(dataset.citation.clone())),
        ("Years", Some(dataset.years.clone())),
        ("Size", size(dataset).map(|size| format!("{size} (regions x sectors or products)"))),
        ("Unit", Some(dataset.unit.clone())),
        ("Reader", Some(dataset.reader.clone())),
        ("Note", Some(dataset.note.clone()).filter(|note| !note.is_empty())),
        ("Unverified", dataset.unsure.clone()),
    ];
    for (what, words) in said {
        if let Some(words) = words {
            text.push_str(&wrap(&words, WIDTH, &format!("{what:<12}"), &" ".repeat(12)));
            text.push('\n');
        }
    }
    if !dataset.files.is_empty() {
        text.push_str("\nFiles\n");
    }
    for file in &dataset.files {
        let years = match (file.first, file.last) {
            (Some(first), Some(last)) if first != last => format!("{first}-{last}, "),
            (Some(year), _) | (None, Some(year)) => format!("{year}, "),
            (None, None) => String::new(),
        };
        let sum = match (&file.sha1, &file.sha256_seen) {
            (Some(sha1), _) => format!("SHA-1 {sha1}"),
            (None, Some(sha256)) => format!(
                "no checksum published; SHA-256 {sha256} as seen by {}",
                file.seen.as_deref().unwrap_or_default()
            ),
            (None, None) => "no checksum published".to_owned(),
        };
        let words = format!("{} ({years}{}; {sum})", file.name, file.holds);
        text.push_str(&wrap(&words, WIDTH, "  ", "    "));
        text.push_str(&format!("\n    {}\n", file.address));
    }
    text.push_str(&format!("\nThen\n  {}\n", dataset.command));
    text
}

fn get(arguments: &GetArguments) -> Result<ExitCode, Failure> {
    let dataset = data::find(&arguments.name)?;
    let Some(mut file) = dataset.file(arguments.year)? else {
        print(&format!(
            "{} cannot be fetched by a program.\n\n{}",
            dataset.name,
            data::by_hand(dataset, None, &arguments.out)
        ))?;
        return Ok(ExitCode::from(NOT_FETCHED));
    };
    if let Some(address) = &arguments.address {
        file.address = address.clone();
    }
    let wanted = Wanted { dataset, file, folder: arguments.out.clone() };
    let mut last = String::new();
    let fetched = data::fetch(&wanted, &mut |arrived, total| {
        let line = arriving(&wanted.file.name, arrived, total.or(wanted.file.size));
        if !arguments.quiet && line != last {
            progress(&line);
            last = line;
        }
    });
    progress("");
    match fetched {
        Ok(fetched) => {
            if !arguments.quiet {
                print(&report(dataset, &wanted, &fetched))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(Failure::Input(problem)) => {
            remark(&failure::draw(&problem));
            print(&format!("\n{}", data::by_hand(dataset, Some(&wanted.file), &wanted.folder)))?;
            Ok(ExitCode::from(NOT_FETCHED))
        }
        Err(stopped) => Err(stopped),
    }
}

/// `NAME: 12.3 of 158.5 MB, 7%`.
fn arriving(name: &str, arrived: u64, total: Option<u64>) -> String {
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    match total.filter(|total| *total > 0) {
        Some(total) => {
            let percent = 100.0 * arrived as f64 / total as f64;
            format!("{name}: {:.1} of {:.1} MB, {percent:.0}%", megabytes(arrived), megabytes(total))
        }
        None => format!("{name}: {:.1} MB", megabytes(arrived)),
    }
}

fn report(dataset: &Dataset, wanted: &Wanted, fetched: &Fetched) -> String {
    let path = fetched.path.display();
    let sums = &fetched.sums;
    let mut text = match fetched.fresh {
        true => format!("{path}: {} bytes, fetched from {}\n", sums.bytes, wanted.file.address),
        false => format!("{path}: {} bytes, is there already\n", sums.bytes),
    };
    text.push_str(&format!("SHA-256  {}\nBLAKE3   {}\n", sums.sha256, sums.blake3));
    text.push_str(match fetched.checked {
        true => "The SHA-1 is the one that its publisher states.\n",
        false => "Its publisher states no checksum: keep these to know the file again.\n",
    });
    if let (Some(seen), Some(by)) = (&wanted.file.sha256_seen, &wanted.file.seen) {
        let same = if *seen == sums.sha256 { "the same" } else { "another" };
        text.push_str(&format!("It is {same} as seen by {by}.\n"));
    }
    let about = format!("{}. Cite: {}.", dataset.licence, dataset.citation);
    text.push_str(&wrap(&about, WIDTH, "Licence  ", "         "));
    text.push_str(&format!("\nThen     {}\n", command_in(dataset, &wanted.folder)));
    text
}

/// The command that reads the file, with the folder where it lies.
fn command_in(dataset: &Dataset, folder: &Path) -> String {
    if folder == Path::new(".") {
        dataset.command.clone()
    } else {
        format!("cd {} && {}", folder.display(), dataset.command)
    }
}
