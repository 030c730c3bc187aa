//! What is written reads back as the same world, in both formats; and bytes that nobody wrote never panic a reader.
#![allow(clippy::unwrap_used, reason = "a test may stop at any surprise")]

use cobden_world::toy::Toy;
use cobden_world::{Format, MemoryFiles, Names, Rate, World};
use proptest::prelude::*;

fn worlds() -> impl Strategy<Value = World> {
    let names = prop::collection::btree_set(r#"[A-Za-zé#"][A-Za-z0-9,"'; é]{0,6}[A-Za-z]"#, 5);
    (1..=5usize, 1..=4usize, any::<bool>(), 0.0..1.0f64, any::<u64>(), names, any::<bool>()).prop_map(
        |(countries, sectors, inputs, zero_flows, seed, names, weights)| {
            let toy = Toy { countries, sectors, inputs, zero_flows, seed, highest_tariff: Rate(0.5), ..Toy::default() };
            let mut world = toy.world();
            world.countries = Names::new(names.into_iter().take(countries)).unwrap();
            world.origin.note = "two\nlines, a \\ and a \"quote\"\u{7f}".to_owned();
            let first = world.countries[0].to_owned();
            world.members.insert(first, vec!["AUT".into(), "BEL".into()]);
            if weights {
                world.political_weights = Some(ndarray::Array2::ones((countries, sectors)));
            }
            world
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_world_survives_both_formats(world in worlds()) {
        for format in [Format::Csv, Format::Parquet] {
            let files = world.to_files(format).unwrap();
            prop_assert_eq!(&files, &world.to_files(format).unwrap());
            let read = World::read(&files.into_iter().collect::<MemoryFiles>()).unwrap();
            prop_assert_eq!(&read, &world);
            prop_assert_eq!(read.canonical_bytes(), world.canonical_bytes());
        }
    }

    #[test]
    fn any_change_changes_the_canonical_bytes(world in worlds(), cell in any::<prop::sample::Index>()) {
        let before = world.canonical_bytes();
        let mut other = world.clone();
        let position = cell.index(other.flows.len());
        let value = other.flows.iter_mut().nth(position).unwrap();
        *value = value.next_up();
        prop_assert_ne!(&before, &other.canonical_bytes());
        let renamed = World { origin: cobden_world::Origin { note: "x".into(), ..world.origin.clone() }, ..world };
        prop_assert_ne!(&before, &renamed.canonical_bytes());
    }

    #[test]
    fn rounding_keeps_that_many_digits(world in worlds()) {
        let rounded = world.rounded(5);
        for (before, after) in world.flows.iter().zip(&rounded.flows) {
            prop_assert!((before - after).abs() <= 0.5e-4 * before.abs());
        }
        prop_assert_eq!(rounded.rounded(5), rounded);
    }

    #[test]
    fn arbitrary_bytes_never_panic_a_reader(bytes in prop::collection::vec(any::<u8>(), 0..300), file in 0..4usize) {
        let name = ["world.toml", "flows.csv", "flows.parquet", "inputs.csv"][file];
        let world = Toy { countries: 2, sectors: 2, ..Toy::default() }.world();
        let files: MemoryFiles = world.to_files(Format::Csv).unwrap().into_iter().collect();
        let files = if name == "flows.parquet" { files.without("flows.csv") } else { files };
        let _ = World::read(&files.with(name, bytes));
    }

    #[test]
    fn csv_like_text_never_panics_the_reader(text in "[a-z,\"\n\r# é0-9.-]{0,200}") {
        let world = Toy { countries: 2, sectors: 2, ..Toy::default() }.world();
        let files: MemoryFiles = world.to_files(Format::Csv).unwrap().into_iter().collect();
        let _ = World::read(&files.clone().with("flows.csv", format!("importer,exporter,sector,value\n{text}")));
        let _ = World::read(&files.with("flows.csv", text));
    }

    #[test]
    fn damaged_files_never_panic_a_reader(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        cuts in any::<bool>(),
        parquet in any::<bool>(),
        table in any::<prop::sample::Index>(),
    ) {
        let world = Toy { countries: 3, sectors: 3, ..Toy::default() }.world();
        let format = if parquet { Format::Parquet } else { Format::Csv };
        let mut files = world.to_files(format).unwrap();
        let position = table.index(files.len());
        let bytes = &mut files[position].1;
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if cuts {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = World::read(&files.into_iter().collect::<MemoryFiles>());
    }
}
