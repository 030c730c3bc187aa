//! Files of groups: those that cobden carries fit the tables they are for, and what is wrong with others is placed.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use cobden_data::concordance;
use cobden_data::mapping::{Mapping, region_presets, sector_presets};
use cobden_world::{Names, Problem};

fn names<'a>(list: impl IntoIterator<Item = &'a str>) -> Names {
    Names::new(list.into_iter().map(str::to_owned)).unwrap()
}

fn targets(table: &str) -> Names {
    names(concordance::open(table).unwrap().targets())
}

/// What each region of a table becomes part of.
fn regions(text: &str, list: &[&str]) -> Result<Vec<String>, Problem> {
    let grouping = Mapping::read(text.into(), "g.toml")?.regions(&names(list.iter().copied()))?;
    Ok(list.iter().map(|name| format!("{name}:{}", grouping.new_name(name).unwrap())).collect())
}

#[test]
fn region_presets_fit_every_table() {
    for table in [
        "iso3-icio2021",
        "iso3-icio2023",
        "iso3-icio2025",
        "iso3-wiod2013",
        "iso3-wiod2016",
        "iso3-figaro2024",
        "iso3-figaro2025",
        "iso3-exiobase3",
        "iso3-gtap10",
    ] {
        let list = targets(table);
        for preset in region_presets() {
            assert!(!preset.about().is_empty());
            let grouping = Mapping::preset(region_presets(), preset.name).unwrap().regions(&list).unwrap();
            assert!(list.iter().all(|name| grouping.new_name(name).is_some()), "{table}, {}", preset.name);
            let union = list.iter().filter(|name| grouping.new_name(name) == Some("EU27")).count();
            let members = match (preset.name, table) {
                ("world", _) => 0,
                (_, "iso3-wiod2013") => 26, // Croatia is not apart there
                _ => 27,
            };
            assert_eq!(union, members, "{table}, {}", preset.name);
        }
        assert_eq!(Mapping::preset(region_presets(), "world").unwrap().regions(&list).unwrap().names(), &list);
    }
    let icio = Mapping::preset(region_presets(), "icio-2022").unwrap().regions(&targets("iso3-icio2025")).unwrap();
    assert_eq!((icio.names().len(), icio.new_name("HKG")), (24, Some("CHN")));
}

#[test]
fn sector_presets_fit_their_tables() {
    let preset = |name: &str, table: &str| Mapping::preset(sector_presets(), name).unwrap().sectors(&targets(table));
    for table in ["isic4-icio45", "isic4-icio50", "gtap57-gtap65"] {
        assert_eq!(preset("icio-2022", table).unwrap().names().len(), 18, "{table}");
    }
    // ICIO has no U; WIOD 2016 has it, and one group for R and S.
    for (table, sections) in [("isic4-icio45", 20), ("isic4-icio50", 20), ("isic4-wiod56", 20), ("isic4-figaro64", 21)]
    {
        assert_eq!(preset("isic-sections", table).unwrap().names().len(), sections, "{table}");
    }
    for table in [
        "isic4-icio50",
        "isic4-wiod56",
        "isic4-figaro64",
        "wiod35-wiod35isic",
        "exiobase163names-exiobase163",
        "gtap57-gtap65",
    ] {
        assert_eq!(preset("goods-services", table).unwrap().names().as_slice(), ["GOODS", "SERVICES"], "{table}");
        assert_eq!(preset("all", table).unwrap().names().len(), targets(table).len());
    }
    assert!(preset("isic-sections", "wiod35-wiod35isic").is_err(), "ISIC Rev. 3 cuts elsewhere: refused, not bent");
}

#[test]
fn the_sectors_of_the_embedded_world_are_those_of_its_recipe() {
    // Written apart from the presets: products of GTAP to sectors.
    let recipe = include_str!("../../cobden/worlds/icio-2022/recipe/gtap_sectors.csv");
    let preset = Mapping::preset(sector_presets(), "icio-2022").unwrap();
    let industries = concordance::open("gtap65-icio50").unwrap();
    let gtap = preset.sectors(&names(industries.codes())).unwrap();
    let oecd = preset.sectors(&targets("isic4-icio50")).unwrap();
    let mut compared = 0;
    for line in recipe.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let fields: Vec<&str> = line.splitn(3, ',').collect();
        if fields[1].is_empty() {
            continue;
        }
        assert_eq!(gtap.new_name(fields[0]), Some(fields[1]), "{}", fields[0]);
        for (industry, _) in industries.shares(fields[0]).unwrap() {
            assert_eq!(oecd.new_name(industry), Some(fields[1]), "{} in {industry}", fields[0]);
            compared += 1;
        }
    }
    assert!(compared >= 46, "{compared}");
}

#[test]
fn the_rest_goes_where_the_star_stands() {
    let list = ["AUS", "DEU", "FRA", "NZL", "USA"];
    let grouped = regions("[regions]\nEU = [\"DEU\", \"FRA\"]\nROW = [\"*\", \"NZL\"]\n", &list).unwrap();
    assert_eq!(grouped, ["AUS:ROW", "DEU:EU", "FRA:EU", "NZL:ROW", "USA:ROW"]);
    let grouped = regions("[regions]\n\"*\" = [\"*\"]\nEU = [\"DEU\", \"FRA\"]\n", &list).unwrap();
    assert_eq!(grouped, ["AUS:AUS", "DEU:EU", "FRA:EU", "NZL:NZL", "USA:USA"]);
    let order = Mapping::read("[regions]\nZ = [\"b\"]\n\"*\" = [\"*\"]\nA = [\"c\"]\n".into(), "g.toml").unwrap();
    assert_eq!(order.regions(&names(["a", "b", "c", "d"])).unwrap().names().as_slice(), ["Z", "a", "d", "A"]);
    assert_eq!(order.region_groups().unwrap()[0], ("Z".to_owned(), vec!["b".to_owned()]));
    assert!(order.sector_groups().is_none());
    // Countries by alpha-3 code, however the table writes them.
    let grouped =
        regions("[regions]\nEU = [\"DEU\", \"FRA\"]\nROW = [\"*\"]\n", &["de", "France", "the rest"]).unwrap();
    assert_eq!(grouped, ["de:EU", "France:EU", "the rest:ROW"]);
}

#[test]
fn what_is_wrong_is_placed() {
    let list = ["AUS", "DEU", "FRA"];
    for (text, said) in [
        ("[regions]\nEU = [\"DEU\", \"FRX\"]\nROW = [\"*\"]\n", "g.toml:2:14: unknown region \"FRX\" (did you mean"),
        ("[regions]\nEU = [\"DEU\"]\n", "g.toml:1:2: in no group: the regions AUS, FRA (nothing is dropped"),
        ("[regions]\nA = [\"DEU\"]\nB = [\"DEU\", \"*\"]\n", "g.toml:3:6: \"DEU\" stands in A and in B"),
        ("[regions]\nA = [\"*\"]\nB = [\"*\"]\n", "g.toml:3:6: `*` stands twice"),
        ("[regions]\nA = []\n", "g.toml:2:5: the group A has no members"),
        ("[regions]\nA = \"DEU\"\n", "g.toml:2:5: the members of A must be a list, found text"),
        ("[regions]\nA = [3]\n", "a member of a group must be text in quotes, found a whole number"),
        ("[region]\nA = [\"*\"]\n", "unknown key `region` in a file of groups (did you mean `regions`?)"),
        ("regions = 3\n", "`regions` must be a table of groups, found a whole number"),
        ("[sectors]\nA = [\"*\"]\n", "g.toml:1:1: the file has no [regions]"),
        ("", "the file has neither [regions] nor [sectors]"),
        (
            "[regions]\nAUS = [\"DEU\"]\n\"*\" = [\"*\"]\n",
            "\"AUS\" is a region of the table that keeps its name, and a group",
        ),
        ("[regions]\n\"*\" = [\"*\", \"DEU\"]\n", "it has no other members"),
        ("[regions]\nA = [\"*\"\n", "not valid TOML"),
    ] {
        let problem = regions(text, &list).unwrap_err();
        assert!(problem.to_string().contains(said), "{said}\n{problem}");
    }
    let problem = Mapping::preset(region_presets(), "g2o").unwrap_err();
    assert_eq!(problem.to_string(), "unknown set of groups \"g2o\" (did you mean \"g20\"?)");
}
