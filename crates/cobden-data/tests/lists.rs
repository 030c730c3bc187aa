//! Every reader of lists on a file laid out as published, and what it says of a file that is not.

mod support;

use cobden_data::{ListFormat, baci, census, hts, tidy, wdi, wits};
use support::fixtures::{all, census_parquet, zipped};

#[test]
fn every_fixture_is_told_as_it_stands() {
    for fixture in all() {
        let (told, _) = (fixture.read)(&fixture.bytes).unwrap_or_else(|problem| panic!("{}: {problem}", fixture.file));
        assert_eq!(told, fixture.expected, "{}", fixture.file);
    }
}

#[test]
fn every_fixture_is_recognised() {
    for fixture in all() {
        let start = &fixture.bytes[..fixture.bytes.len().min(4096)];
        assert_eq!(ListFormat::detect(fixture.file, start), Some(fixture.format), "{}", fixture.file);
    }
    let names: std::collections::BTreeSet<&str> = ListFormat::ALL.iter().map(|format| format.name()).collect();
    assert_eq!(names.len(), ListFormat::ALL.len());
    let parquet = census_parquet();
    assert_eq!(ListFormat::detect("us-imports/imports.parquet", &parquet[..8]), Some(ListFormat::CensusParquet));
    for (file, start) in [("a.zip", &b"PK\x03\x04"[..]), ("a.csv", b"a,b,c\n1,2,3\n"), ("a", b""), ("a", &[4, 0, 0, 0])]
    {
        assert_eq!(ListFormat::detect(file, start), None, "{file}");
    }
}

#[test]
fn summaries_count_what_was_left_out() {
    let summary = |file: &str| {
        let fixture = all().into_iter().find(|fixture| fixture.file == file).unwrap();
        (fixture.read)(&fixture.bytes).unwrap().1
    };
    let baci = summary("BACI_HS17_Y2020_V202401b.csv");
    assert_eq!((baci.read, baci.skipped["no value"], baci.skipped["other year"]), (2, 1, 1));
    assert_eq!(baci.years, [2020, 2021].into());
    let census = summary("imports_hs10.csv");
    assert_eq!((census.read, census.skipped["group of countries"]), (2, 2));
    assert_eq!(census.skipped["not a product of ten digits"], 1);
    let wits = summary("en_USA_AllYears_WITS_Trade_Summary.CSV");
    assert_eq!((wits.skipped["not a tariff"], wits.skipped["other average"]), (1, 1));
    assert_eq!(summary("tariff_isic33_88_21.csv").skipped["no rate"], 1);
}

const OLD: &[u8] = b"t,i,j,k,v,q\n1995,4,12,9999AA,4,\n1995,4,12,10111,5.5,1.25\n";
const WORDS: &[u8] = b"code,description\n10111,\"Horses, live\"\n9999AA,Not specified\n";

#[test]
fn an_archive_reads_only_the_years_asked_for() {
    let fixture = all().into_iter().find(|fixture| fixture.format == ListFormat::BaciArchive).unwrap();
    let mut told = 0;
    let read = baci::read_zip(std::io::Cursor::new(&fixture.bytes), "b.zip", &[2021], &mut |record| {
        assert_eq!((record.year, record.exporter, record.importer), (2021, "USA", "CIV"));
        told += 1;
        Ok(())
    });
    assert_eq!((told, read.unwrap().years), (1, [2020, 2021].into()));
    let entries: [(&str, &[u8]); 2] = [("BACI_HS92_Y1995_V202601.csv", OLD), ("product_codes_HS92_V202601.csv", WORDS)];
    let old = || std::io::Cursor::new(zipped(&entries));
    let read = baci::read_zip(old(), "b.zip", &[], &mut |_| Ok(())).unwrap();
    assert_eq!((read.read, read.skipped["not specified by kind"]), (1, 1));
    assert_eq!(
        baci::read_zip_products(old(), "b.zip").unwrap(),
        [("010111".to_owned(), "Horses, live".to_owned())].into()
    );
    let other = zipped(&[("a.txt", b"nothing")]);
    assert!(baci::read_zip_products(std::io::Cursor::new(&other), "b.zip").unwrap().is_empty());
    let problem = baci::read_zip(std::io::Cursor::new(&other), "b.zip", &[], &mut |_| Ok(())).unwrap_err();
    assert!(problem.message.contains("no file BACI_"));
}

#[test]
fn parquet_tells_what_csv_tells() {
    let mut told = Vec::new();
    let summary = census::read_parquet(
        census_parquet(),
        "i.parquet",
        &census::Options { year: Some(2024), ..census::Options::default() },
        &mut |import| {
            told.push((
                import.country.to_owned(),
                import.name.to_owned(),
                import.product.to_owned(),
                import.imports,
                import.duty,
            ));
            Ok(())
        },
    );
    let owned = |texts: [&str; 3], imports, duty| {
        let [country, name, product] = texts.map(str::to_owned);
        (country, name, product, imports, duty)
    };
    assert_eq!(
        told,
        [owned(["4280", "GERMANY", "8703230190"], 4.0, 0.1), owned(["1220", "CANADA", "0101210010"], 0.00025, 0.0)]
    );
    assert_eq!(summary.unwrap().skipped["group of countries"], 1);
    let union = census::EuropeanUnion::Whole;
    let mut told = Vec::new();
    let summary = census::read_parquet(
        census_parquet(),
        "i.parquet",
        &census::Options { year: Some(2024), union },
        &mut |import| {
            told.push(import.country.to_owned());
            Ok(())
        },
    );
    assert_eq!(
        (told, summary.unwrap().skipped["member of the European Union"]),
        (vec!["0003".into(), "1220".into()], 1)
    );
    let problem = census::read_parquet(
        b"PAR1PAR1"[..].into(),
        "i.parquet",
        &census::Options { year: Some(2024), ..census::Options::default() },
        &mut |_| Ok(()),
    )
    .unwrap_err();
    assert!(problem.message.contains("cannot read as Parquet"));
}

/// What a reader complains of.
#[allow(clippy::unwrap_used, reason = "a reader that does not complain fails the test")]
fn complaint<T: std::fmt::Debug>(read: Result<T, cobden_world::Problem>) -> String {
    read.unwrap_err().to_string()
}

#[test]
fn faults_have_a_place() {
    let baci = |text: &str| complaint(baci::read(text.as_bytes(), "b.csv", None, &[], &mut |_| Ok(())));
    assert_eq!(baci("t,i,j,k,v\n2020,4,8,010121,1x\n"), "b.csv:2:17: \"1x\" is not a number");
    assert_eq!(
        baci("t,i,j,k,v\n2020,4,8,0101211,1\n"),
        "b.csv:2:10: \"0101211\" is not a product code of up to six digits"
    );
    assert_eq!(baci("t,i,j,k,v\n\n20,4,8,010121,1\n"), "b.csv:3:1: \"20\" is not a year");
    assert_eq!(baci("t,i,j,k,v\n2020,4,8\n"), "b.csv:2:9: the row has 3 cells, the header 5");
    assert_eq!(baci("t,i,j,k,vv\n"), "b.csv:1:1: no column \"v\" or \"value\" (is it \"vv\"?)");
    assert_eq!(baci("t,i,j,k,v\n2020,4,8,010121,1e999\n"), "b.csv:2:17: \"1e999\" is not a number");
    assert!(baci("").contains("the file is empty"));
    assert!(baci("t,i,j,k,v\n2020,4,\"8,010121,1\n").starts_with("b.csv:2:8: a quote is opened and not closed"));
    let long = format!("t,i,j,k,v\n{}", "9".repeat(1 << 19));
    assert!(baci(&long).starts_with("b.csv:2:1: the line is longer than"));
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("t,i".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(complaint(baci::read(&utf16[..], "b.csv", None, &[], &mut |_| Ok(()))).contains("UTF-16"));
    let hts = complaint(hts::read(
        &b"HTS Number,Indent,Description,General Rate of Duty,Special Rate of Duty,Column 2 Rate of Duty\n\"01\n01\",99,,,,\n"[..],
        "h.csv",
        &mut |_| Ok(()),
    ));
    assert_eq!(hts, "h.csv:3:5: \"99\" is not an indent, 0 to 63");
    let wdi = complaint(wdi::read(&b"a,b\n1,2\n"[..], "w.csv", wdi::GDP, &[], &mut |_| Ok(())));
    assert!(wdi.starts_with("w.csv:1:1: no header with \"Country Code\""), "{wdi}");
}

#[test]
fn listeners_stop_a_reader() {
    let mut seen = 0;
    let rows = "importer,exporter,sector,value\nA,B,x,1\nA,B,y,2\nA,B,z,3\n";
    let problem = tidy::read_trade(rows.as_bytes(), "t.csv", Some(2020), &mut |_| {
        seen += 1;
        if seen == 2 { Err(cobden_world::Problem::new("enough")) } else { Ok(()) }
    });
    assert_eq!((seen, problem.unwrap_err().message.as_str()), (2, "enough"));
}

#[test]
fn tidy_tables_are_strict_about_meaning() {
    let trade = |text: &str| complaint(tidy::read_trade(text.as_bytes(), "t.csv", None, &mut |_| Ok(())));
    assert!(trade("importer,exporter,sector,value\nA,B,x,1\n").contains("does not say of which year"));
    assert!(trade("importer,exporter,sector,product,value\n").contains("both there"));
    assert!(trade("importer,exporter,sector,value,value\n").contains("stands twice"));
    assert!(trade("# unit: bushels of wheat\nimporter,exporter,sector,value\n").contains("unknown unit"));
    assert!(trade("# year: next\nimporter,exporter,sector,value\n").contains("is not a year"));
    assert!(trade("importer,exporter,sector,value,year\nA,B,x,-1,2020\n").starts_with("t.csv:2:7:"));
    assert!(trade("importer,exporter,sector,value,year\nA,,x,1,2020\n").contains("the exporter is empty"));
    assert!(trade("importer,exporter,sector,value,year\nA,B,x,1,5,2020\n").contains("the row has 6 cells"));
    assert!(trade("# nothing\n").contains("no header"));
    let tariffs = |text: &str| complaint(tidy::read_tariffs(text.as_bytes(), "t.csv", Some(2020), &mut |_| Ok(())));
    assert!(tariffs("importer,sector,rate\nA,x,25\n").contains("write 25 per cent as 0.25"));
    assert!(tariffs("importer,sector,rate\nA,x,-1\n").contains("-100 % or less"));
    assert!(tariffs("importer,sector,rate\nA,x,\n").contains("is not a number"));
}

#[test]
fn reporters_stand_in_file_names() {
    assert_eq!(wits::reporter_of("wits/en_USA_AllYears_WITS_Trade_Summary.CSV"), Some("USA"));
    assert_eq!(wits::reporter_of("summary.csv"), None);
}
