//! Files as their publishers lay them out, a few rows each, with numbers made up here; and what reading them has to tell.

use std::io::{Cursor, Write};

use bytes::Bytes;
use cobden_data::{ListFormat, Summary, TariffRecord, TradeRecord};
use cobden_data::{baci, census, har, hts, itpd, macmap, teti, tidy, wdi, wits};
use cobden_world::Problem;
use zip::write::SimpleFileOptions;

/// What a reader told, a line for each record.
pub type Told = (Vec<String>, Summary);

/// A file and what is in it.
pub struct Fixture {
    pub format: ListFormat,
    pub file: &'static str,
    pub bytes: Vec<u8>,
    pub read: fn(&[u8]) -> Result<Told, Problem>,
    pub expected: &'static [&'static str],
}

fn trade(told: &mut Vec<String>, record: TradeRecord<'_>) -> Result<(), Problem> {
    let TradeRecord { year, exporter, importer, product, value } = record;
    told.push(format!("{year} {exporter}>{importer} {product} {value}"));
    Ok(())
}

fn tariff(told: &mut Vec<String>, record: TariffRecord<'_>) -> Result<(), Problem> {
    let TariffRecord { year, importer, exporter, product, rate, weight } = record;
    let weight = weight.map_or(String::new(), |weight| format!(" x{weight}"));
    told.push(format!("{year} {importer}<{} {product} {rate}{weight}", exporter.unwrap_or("*")));
    Ok(())
}

/// Collects what a reader tells.
fn collect(read: impl FnOnce(&mut Vec<String>) -> Result<Summary, Problem>) -> Result<Told, Problem> {
    let mut told = Vec::new();
    let summary = read(&mut told)?;
    Ok((told, summary))
}

pub fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const BACI: &[u8] = b"t,i,j,k,v,q\r\n\
2020,251,842,10121,          1.500,          0.001\r\n\
2020,842,251,880240,   1234567.500,NA\r\n\
2020,384,251,180100,NA,          2.000\r\n\
2021,384,251,180100,          0.001,          2.000\r\n";

/// How long the row of 2021 is.
const LAST: usize = "2021,384,251,180100,          0.001,          2.000\r\n".len();

/// Windows-1252: the accents are single bytes.
const COUNTRIES: &[u8] =
    b"country_code,country_name_abbreviation,country_name_full,iso_2digit_alpha,iso_3digit_alpha\r\n\
251,France,\"France, Monaco\",FR,FRA\r\n\
384,C\xF4te d'Ivoire,C\xF4te d'Ivoire,CI,CIV\r\n\
842,USA,\"USA, Puerto Rico and US Virgin Islands\",US,USA\r\n\
490,\"Other Asia, nes\",\"Other Asia, not elsewhere specified\",N/A,N/A\r\n";

const ITPD: &[u8] = b"exporter_iso3,exporter_dynamic_code,exporter_name,importer_iso3,importer_dynamic_code,importer_name,year,industry_id,industry_descr,broad_sector,trade,flag_mirror,flag_zero\n\
KOR,KOR,\"Korea, South\",USA,USA,United States,2018,34,\"Processing/preserving of meat\",Manufacturing,12.25,1,p\n\
KOR,KOR,\"Korea, South\",KOR,KOR,\"Korea, South\",2019,1,Wheat,Agriculture,300,0,p\n\
KOR,KOR,\"Korea, South\",PRK,PRK,\"Korea, North\",2019,1,Wheat,Agriculture,0,0,u\n";

const TETI: &[u8] = b"iso1,iso2,year,sector,tariff,mfn,tariff_w,mfn_w,tariff95,mfn95,tariff95_w,mfn95_w\n\
USA,CHN,2018,1,5,7.5,2.5,7.5,5,5,2.5,2.5\n\
USA,CHN,2018,27,,,.,,,,,\n\
EUN,CHN,2018,15,12.5,12.5,25,25,10,10,20,20\n";

const MACMAP: &[u8] = b"importer,exporter,hs6,adv\nJPN,USA,10121,0\nJPN,USA,100630,4.5\n";

const WITS_SUMMARY: &[u8] = b"Reporter,Partner,Product categories,Indicator Type,Indicator,2021,2020,1988\n\
United States, World,All Products,Tariff,AHS Weighted Average (%),   1.50,   1.25,\n\
United States, World,All Products,Tariff,MFN Weighted Average (%),   2.50,   2.25,   3\n\
United States,Mexico,\"Hides, Skins\",Tariff,AHS Weighted Average (%),,   0.50,\n\
United States, World,All Products,Export,Export(US$ Mil), 1753137.1, 1430253.6,\n";

const WITS_BULK: &[u8] = b"NomenCode,Reporter_ISO_N,Year,ProductCode,Partner,Sum_Of_Rates,Min_Rate,Max_Rate,SimpleAverage,TotalNoOfLines,Nbr_AVE_Lines\n\
H5,484,2020,010121,000,10,0,10,2.5,4,0\n\
H5,484,2020,10121,842,0,0,0,0,4,0\n";

const CENSUS: &[u8] =
    b"\"CTY_CODE\",\"CTY_NAME\",\"I_COMMODITY\",\"I_COMMODITY_SDESC\",\"CON_VAL_YR\",\"CAL_DUT_YR\",\"YEAR\"\n\
\"0003\",\"EUROPEAN UNION\",\"8703230190\",\"CARS\",\"4000000\",\"100000\",\"2024\"\n\
\"-\",\"TOTAL FOR ALL COUNTRIES\",\"8703230190\",\"CARS\",\"4000000\",\"100000\",\"2024\"\n\
\"4280\",\"GERMANY\",\"8703230190\",\"CARS, \"\"NESOI\"\"\",\"4000000\",\"100000\",\"2024\"\n\
\"4280\",\"GERMANY\",\"8703\",\"CARS\",\"4000000\",\"100000\",\"2024\"\n\
\"1220\",\"CANADA\",\"101210010\",\"HORSES\",\"250\",\"null\",\"2024\"\n";

const HTS: &[u8] = b"\xEF\xBB\xBFHTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,Special Rate of Duty,Column 2 Rate of Duty,Quota Quantity,Additional Duties\r\n\
\"0101\",\"0\",\"Live horses, asses:\",\"\",\"\",\"\",\"\",\"\",\"\"\r\n\
\"\",\"1\",\"Horses:\",\"\",\"\",\"\",\"\",\"\",\"\"\r\n\
\"0101.29.00\",\"2\",\"Other\",\"\",\"Free\",\"\",\"20%\",\"\",\"\"\r\n\
\"0101.29.00.10\",\"3\",\"Imported for \"\"immediate\"\"\nslaughter\",\"[\"\"No.\"\"]\",\"\",\"\",\"\",\"\",\"\"\r\n\
\"0101.30.00.00\",\"1\",\"Asses\",\"[\"\"No.\"\"]\",\"6.8%\",\"Free (A+,AU,BH, CL)\",\"15%\",\"\",\"\"\r\n\
\"0201.10.05\",\"1\",\"Beef\",\"[\"\"kg\"\"]\",\"4.4\xC2\xA2/kg + 8%\",\"Free (A)\",\"6.6\xC2\xA2/kg\",\"\",\"\"\r\n\
\"9902.01.01\",\"0\",\"Temporary\",\"\",\"No change\",\"No change\",\"No change\",\"\",\"\"\r\n";

const WDI: &[u8] = b"\xEF\xBB\xBF\"Data Source\",\"World Development Indicators\",\r\n\r\n\"Last Updated Date\",\"2024-06-28\",\r\n\r\n\
\"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"2019\",\"2020\",\"2021\",\r\n\
\"Korea, Rep.\",\"KOR\",\"GDP (current US$)\",\"NY.GDP.MKTP.CD\",\"1651000000000\",\"\",\"1.5e12\",\r\n\
\"Korea, Rep.\",\"KOR\",\"Population\",\"SP.POP.TOTL\",\"51764822\",\"51836239\",\"\",\r\n";

const TIDY_TRADE: &[u8] = b"# Ministry of Trade, table 7\n# unit: USD thousand\n# year: 2022\n\
value;product;importer;exporter\n1.234.567,5;010121;USA;C\xF4te d'Ivoire\n0,5;010129;USA;FRA\n";

const TIDY_TARIFFS: &[u8] = b"importer,exporter,sector,rate,year,weight\nBRA,,steel,0.108,2022,\nBRA,ARG,steel,2.5%,2022,17\nBRA,*,\"oil, gas\",0,2023,\n";

/// One fixture of each format that a file of bytes can have.
pub fn all() -> Vec<Fixture> {
    let archive = zipped(&[
        ("Readme.txt", b"see cepii.fr"),
        ("country_codes_V202401b.csv", COUNTRIES),
        ("BACI_HS17_Y2020_V202401b.csv", &BACI[..BACI.len() - LAST]),
        ("BACI_HS17_Y2021_V202401b.csv", b"t,i,j,k,v,q\n2021,842,384,10121,2000,1\n"),
    ]);
    let mut fixtures = vec![
        Fixture {
            format: ListFormat::Baci,
            file: "BACI_HS17_Y2020_V202401b.csv",
            bytes: BACI.to_vec(),
            read: |bytes| collect(|told| baci::read(bytes, "f", None, &[2020], &mut |record| trade(told, record))),
            expected: &["2020 251>842 010121 0.0015", "2020 842>251 880240 1234.5675"],
        },
        Fixture {
            format: ListFormat::BaciArchive,
            file: "BACI_HS17_V202401b.zip",
            bytes: archive,
            read: |bytes| {
                collect(|told| baci::read_zip(Cursor::new(bytes), "f", &[], &mut |record| trade(told, record)))
            },
            expected: &["2020 FRA>USA 010121 0.0015", "2020 USA>FRA 880240 1234.5675", "2021 USA>CIV 010121 2"],
        },
        Fixture {
            format: ListFormat::Itpd,
            file: "ITPD_E_R02.csv",
            bytes: ITPD.to_vec(),
            read: |bytes| {
                collect(|told| {
                    itpd::read(bytes, "f", &[], &mut |record| {
                        trade(told, record.trade)?;
                        let flags = format!(" {}{}", record.mirror, record.unknown_zero);
                        told.iter_mut().last().unwrap().push_str(&flags);
                        Ok(())
                    })
                })
            },
            expected: &[
                "2018 KOR>USA 34 12.25 truefalse",
                "2019 KOR>KOR 1 300 falsefalse",
                "2019 KOR>PRK 1 0 falsetrue",
            ],
        },
        Fixture {
            format: ListFormat::Teti,
            file: "tariff_isic33_88_21.csv",
            bytes: TETI.to_vec(),
            read: |bytes| {
                let rates = teti::Rates { weighted: true, ..teti::Rates::default() };
                collect(|told| teti::read(bytes, "f", rates, &[], &mut |record| tariff(told, record)))
            },
            expected: &["2018 USA<CHN 01 0.025", "2018 EUN<CHN 15 0.25"],
        },
        Fixture {
            format: ListFormat::MacMap,
            file: "mmhs6_2019.csv",
            bytes: MACMAP.to_vec(),
            read: |bytes| collect(|told| macmap::read(bytes, "f", 2019, &mut |record| tariff(told, record))),
            expected: &["2019 JPN<USA 010121 0", "2019 JPN<USA 100630 4.5"],
        },
        Fixture {
            format: ListFormat::MacMapArchive,
            file: "mmhs6_2019.zip",
            bytes: zipped(&[("mmhs6_2019.csv", MACMAP)]),
            read: |bytes| {
                collect(|told| macmap::read_zip(Cursor::new(bytes), "f", 2019, &mut |record| tariff(told, record)))
            },
            expected: &["2019 JPN<USA 010121 0", "2019 JPN<USA 100630 4.5"],
        },
        Fixture {
            format: ListFormat::WitsSummary,
            file: "en_USA_AllYears_WITS_Trade_Summary.CSV",
            bytes: WITS_SUMMARY.to_vec(),
            read: |bytes| {
                let average = wits::Average { weighted: true, ..wits::Average::default() };
                let importer = wits::reporter_of("en_USA_AllYears_WITS_Trade_Summary.CSV");
                collect(|told| {
                    wits::read_summary(bytes, "f", importer, average, &[], &mut |record| tariff(told, record))
                })
            },
            expected: &[
                "2021 USA<* All Products 0.015",
                "2020 USA<* All Products 0.0125",
                "2020 USA<Mexico Hides, Skins 0.005",
            ],
        },
        Fixture {
            format: ListFormat::WitsBulk,
            file: "trains.csv",
            bytes: WITS_BULK.to_vec(),
            read: |bytes| collect(|told| wits::read_bulk(bytes, "f", None, &[], &mut |record| tariff(told, record))),
            expected: &["2020 484<* 010121 0.025", "2020 484<842 010121 0"],
        },
    ];
    fixtures.extend(national());
    fixtures
}

fn national() -> Vec<Fixture> {
    vec![
        Fixture {
            format: ListFormat::Census,
            file: "imports_hs10.csv",
            bytes: CENSUS.to_vec(),
            read: |bytes| {
                collect(|told| {
                    census::read(bytes, "f", &census::Options::default(), &mut |import| {
                        trade(told, import.trade())?;
                        import.tariff().map_or(Ok(()), |record| tariff(told, record))
                    })
                })
            },
            expected: &[
                "2024 4280>USA 8703230190 4",
                "2024 USA<4280 8703230190 0.025 x4",
                "2024 1220>USA 0101210010 0.00025",
                "2024 USA<1220 0101210010 0 x0.00025",
            ],
        },
        Fixture {
            format: ListFormat::Hts,
            file: "hts_2025_revision_3_csv.csv",
            bytes: HTS.to_vec(),
            read: |bytes| {
                collect(|told| {
                    hts::read(bytes, "f", &mut |line| {
                        let general = line.general.map(hts::Duty::ad_valorem);
                        let (number, last) = (line.number, line.last);
                        told.push(format!("{number} {general:?} {} {last} {:?}", line.special, line.description));
                        Ok(())
                    })
                })
            },
            expected: &[
                "0101 None  false \"Live horses, asses:\"",
                "01012900 Some(Some(0.0))  false \"Other\"",
                "0101290010 Some(Some(0.0))  true \"Imported for \\\"immediate\\\"\\nslaughter\"",
                "0101300000 Some(Some(0.068)) Free (A+,AU,BH, CL) true \"Asses\"",
                "02011005 Some(None) Free (A) true \"Beef\"",
                "99020101 Some(None) No change true \"Temporary\"",
            ],
        },
        Fixture {
            format: ListFormat::Wdi,
            file: "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_1.csv",
            bytes: WDI.to_vec(),
            read: |bytes| {
                collect(|told| {
                    wdi::read(bytes, "f", wdi::GDP, &[], &mut |record| {
                        told.push(format!("{} {} {}", record.country, record.year, record.value));
                        Ok(())
                    })
                })
            },
            expected: &["KOR 2019 1651000000000", "KOR 2021 1500000000000"],
        },
        Fixture {
            format: ListFormat::TidyTrade,
            file: "flows.csv",
            bytes: TIDY_TRADE.to_vec(),
            read: |bytes| collect(|told| tidy::read_trade(bytes, "f", None, &mut |record| trade(told, record))),
            expected: &["2022 Côte d'Ivoire>USA 010121 1234.5675", "2022 FRA>USA 010129 0.0005"],
        },
        Fixture {
            format: ListFormat::TidyTariffs,
            file: "tariffs.csv",
            bytes: TIDY_TARIFFS.to_vec(),
            read: |bytes| collect(|told| tidy::read_tariffs(bytes, "f", None, &mut |record| tariff(told, record))),
            expected: &["2022 BRA<* steel 0.108", "2022 BRA<ARG steel 0.025 x17", "2023 BRA<* oil, gas 0"],
        },
        Fixture {
            format: ListFormat::HeaderArrays,
            file: "sets.har",
            bytes: sets_file().to_bytes().unwrap(),
            read: |bytes| {
                let file = har::HarFile::read(bytes, "f")?;
                // Arrays are made dense, too: what a file claims must not be believed here either.
                let _ = file.headers.iter().map(har::Header::array).collect::<Vec<_>>();
                let told = file.headers.iter().map(|header| header.name.clone()).collect();
                Ok((told, Summary::default()))
            },
            expected: &["REG", "VST", "POP"],
        },
    ]
}

fn sets_file() -> har::HarFile {
    let regions = cobden_world::Names::new(["USA", "ROW"].map(String::from)).unwrap();
    let sets = [("REG", &regions), ("REG", &regions)];
    let full = ndarray::arr2(&[[1.0, 2.0], [3.0, 4.0]]);
    let sparse = ndarray::arr1(&[0.0, 0.0]);
    har::HarFile {
        headers: vec![
            har::Header::texts("REG", "Regions", regions.as_slice().iter().cloned()),
            har::Header::reals("VST", "Trade", &sets, full.view().into_dyn()).unwrap(),
            har::Header::reals("POP", "People", &sets[..1], sparse.view().into_dyn()).unwrap(),
        ],
    }
}

/// Census imports in Parquet.
pub fn census_parquet() -> Bytes {
    use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
    use std::sync::Arc;
    let columns: [(&str, ArrayRef); 5] = [
        ("partner_code", Arc::new(StringArray::from(vec!["0003", "4280", "1220"]))),
        ("partner", Arc::new(StringArray::from(vec!["EUROPEAN UNION", "GERMANY", "CANADA"]))),
        ("hs10", Arc::new(StringArray::from(vec!["8703230190", "8703230190", "0101210010"]))),
        ("imports_usd", Arc::new(Int64Array::from(vec![4_000_000, 4_000_000, 250]))),
        ("duty_usd", Arc::new(Float64Array::from(vec![Some(100_000.0), Some(100_000.0), None]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes.into()
}
