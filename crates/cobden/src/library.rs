//! What cobden carries inside: worlds and elasticity sets, by name.

use cobden_world::{Elasticities, MemoryFiles, Names, Problem, World, read_elasticities};

/// A world that is part of cobden. Its files lie in `worlds/ID/`, as anyone may read them.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedWorld {
    /// The name a study gives, e.g. `icio-2022`.
    pub id: &'static str,
    /// How it was made: the text of `worlds/ID.toml`.
    pub recipe: &'static str,
    files: &'static [(&'static str, &'static [u8])],
}

impl EmbeddedWorld {
    /// The files of the world directory, e.g. to copy them out.
    pub fn files(&self) -> MemoryFiles {
        let empty = MemoryFiles::new(format!("embedded:{}", self.id));
        self.files.iter().fold(empty, |files, (name, bytes)| files.with(*name, *bytes))
    }

    /// Reads the world.
    ///
    /// # Errors
    /// Never for the worlds that cobden carries: the tests open each.
    pub fn open(&self) -> Result<World, Problem> {
        World::read(&self.files())
    }
}

/// A set of trade elasticities that is part of cobden: `elasticities/NAME.csv`, one per paper.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedElasticities {
    /// The name a study gives, e.g. `caliendo-parro-2015`.
    pub name: &'static str,
    /// The file: citation and remarks in its `#` lines, then `sector,trade_elasticity`.
    pub text: &'static str,
}

impl EmbeddedElasticities {
    /// The `#` lines at the head: citation, table, how it was mapped, terms.
    pub fn citation(&self) -> String {
        let lines = self.text.lines().map_while(|line| line.strip_prefix('#'));
        lines.map(str::trim).collect::<Vec<_>>().join("\n")
    }
}

/// The worlds that cobden carries; the first is the default.
///
/// ```
/// assert_eq!(cobden::worlds()[0].id, "icio-2022");
/// ```
pub fn worlds() -> &'static [EmbeddedWorld] {
    &WORLDS
}

/// Opens a world that cobden carries.
///
/// # Errors
/// No world of that name, with the nearest one there is.
///
/// ```
/// let world = cobden::open_world("icio-2022")?;
/// assert_eq!(world.countries.len(), 24);
/// assert_eq!(world.sectors.len(), 18);
/// # Ok::<(), cobden::Problem>(())
/// ```
pub fn open_world(id: &str) -> Result<World, Problem> {
    match WORLDS.iter().find(|world| world.id == id) {
        Some(world) => world.open(),
        None => Err(Problem::unknown("world", id, WORLDS.iter().map(|world| world.id))),
    }
}

/// The elasticity sets that cobden carries, by name in alphabetical order.
pub fn elasticity_sets() -> &'static [EmbeddedElasticities] {
    &ELASTICITIES
}

/// One elasticity set that cobden carries, for these sectors in this order.
///
/// # Errors
/// No set of that name, with the nearest one there is; or the world's sectors are not those of the set.
///
/// ```
/// let world = cobden::open_world("icio-2022")?;
/// let set = cobden::elasticities("caliendo-parro-2015", &world.sectors)?;
/// let petroleum = world.sectors.index("PETRO").expect("a sector of the world");
/// assert_eq!(set.trade_elasticity[petroleum], 64.85);
/// # Ok::<(), cobden::Problem>(())
/// ```
pub fn elasticities(name: &str, sectors: &Names) -> Result<Elasticities, Problem> {
    let known = ELASTICITIES.iter().map(|set| set.name);
    let set = ELASTICITIES
        .iter()
        .find(|set| set.name == name)
        .ok_or_else(|| Problem::unknown("elasticity set", name, known))?;
    let files = MemoryFiles::new("elasticities").with(format!("{name}.csv"), set.text);
    read_elasticities(&files, name, sectors)
}

static WORLDS: [EmbeddedWorld; 1] = [EmbeddedWorld {
    id: "icio-2022",
    recipe: include_str!("../worlds/icio-2022.toml"),
    files: &[
        ("world.toml", include_bytes!("../worlds/icio-2022/world.toml")),
        ("flows.csv", include_bytes!("../worlds/icio-2022/flows.csv")),
        ("tariffs.csv", include_bytes!("../worlds/icio-2022/tariffs.csv")),
        ("elasticities.csv", include_bytes!("../worlds/icio-2022/elasticities.csv")),
        ("inputs.csv", include_bytes!("../worlds/icio-2022/inputs.csv")),
        ("value_added.csv", include_bytes!("../worlds/icio-2022/value_added.csv")),
        ("final.csv", include_bytes!("../worlds/icio-2022/final.csv")),
        ("products.csv", include_bytes!("../worlds/icio-2022/products.csv")),
        ("imports.parquet", include_bytes!("../worlds/icio-2022/imports.parquet")),
    ],
}];

static ELASTICITIES: [EmbeddedElasticities; 7] = [
    EmbeddedElasticities {
        name: "bagwell-staiger-yurukoglu-2021",
        text: include_str!("../elasticities/bagwell-staiger-yurukoglu-2021.csv"),
    },
    EmbeddedElasticities { name: "caliendo-parro-2015", text: include_str!("../elasticities/caliendo-parro-2015.csv") },
    EmbeddedElasticities {
        name: "fontagne-guimbard-orefice-2022",
        text: include_str!("../elasticities/fontagne-guimbard-orefice-2022.csv"),
    },
    EmbeddedElasticities {
        name: "giri-yi-yilmazkuday-2021",
        text: include_str!("../elasticities/giri-yi-yilmazkuday-2021.csv"),
    },
    EmbeddedElasticities {
        name: "lashkaripour-lugovskyy-2023",
        text: include_str!("../elasticities/lashkaripour-lugovskyy-2023.csv"),
    },
    EmbeddedElasticities { name: "shapiro-2016", text: include_str!("../elasticities/shapiro-2016.csv") },
    EmbeddedElasticities { name: "uniform-4", text: include_str!("../elasticities/uniform-4.csv") },
];
