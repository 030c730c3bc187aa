//! Which model: a preset, a treatment of trade deficits, and what the results compare with.

/// A named model of the literature. Presets are data for one system of equations (see [`crate`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    /// One factor, no intermediate goods, perfect competition: Armington (1969), as in Costinot and Rodriguez-Clare (2014)
    /// and Lashkaripour (2021).
    Armington,
    /// Many sectors linked by input-output tables, perfect competition: Caliendo and Parro (2015).
    #[default]
    CaliendoParro,
    /// No intermediate goods, monopolistic competition with a fixed number of firms, so that tariffs shift profits: Ossa (2014).
    Ossa,
    /// As `CaliendoParro`, with and without intermediate goods, and external economies of scale in each sector: at
    /// [`Model::scale`] = 1 those of free entry with love of variety (Krugman 1980; Costinot and Rodriguez-Clare 2014), between 0
    /// and 1 weaker ones (Kucheryavyy, Lyn and Rodriguez-Clare 2023).
    Krugman,
}

impl Preset {
    /// Every preset, with the name used in study files.
    pub const ALL: [(&'static str, Preset); 4] = [
        ("armington", Preset::Armington),
        ("caliendo-parro", Preset::CaliendoParro),
        ("ossa", Preset::Ossa),
        ("krugman", Preset::Krugman),
    ];

    /// The name used in study files.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Armington => "armington",
            Preset::CaliendoParro => "caliendo-parro",
            Preset::Ossa => "ossa",
            Preset::Krugman => "krugman",
        }
    }

    /// Whether sectors buy intermediate goods.
    pub fn has_inputs(self) -> bool {
        matches!(self, Preset::CaliendoParro | Preset::Krugman)
    }

    /// Whether sectors have economies of scale, as strong as [`Model::scale`] says.
    pub fn has_scale(self) -> bool {
        self == Preset::Krugman
    }

    /// m: the share of sales that is profit. Zero under perfect competition, `1 / sigma` under restricted entry.
    pub(crate) fn profit_share(self, trade_elasticity: f64) -> f64 {
        match self {
            Preset::Armington | Preset::CaliendoParro | Preset::Krugman => 0.0,
            Preset::Ossa => 1.0 / (1.0 + trade_elasticity),
        }
    }

    /// The elasticity of unit cost with respect to output: `phi / theta` with economies of scale, else 0.
    pub(crate) fn scale_elasticity(self, phi: f64, trade_elasticity: f64) -> f64 {
        if self.has_scale() { phi / trade_elasticity } else { 0.0 }
    }
}

/// How trade deficits D respond to a policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deficits {
    /// `D' = D`: fixed in units of world labour income, the numeraire.
    #[default]
    Fixed,
    /// Fixed as a share of own labour income, `w D`, less a common share of every country's labour income so that they still
    /// sum to zero over the world.
    Share,
    /// `D' = 0`: trade balances under the policy.
    None,
}

/// What every change is measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Baseline {
    /// The data as they are; they must be an equilibrium to 1e-6.
    #[default]
    Observed,
    /// The equilibrium at baseline tariffs with deficits as given: absorbs small inconsistencies of published data.
    Solved,
    /// The equilibrium at baseline tariffs with deficits of zero.
    Balanced,
}

/// A preset with its closure and baseline.
///
/// ```
/// use cobden_equilibrium::{Baseline, Deficits, Model, Preset};
/// let model = Model { baseline: Baseline::Balanced, ..Model::default() };
/// assert_eq!(model.preset, Preset::CaliendoParro);
/// assert_eq!(model.deficits, Deficits::Fixed);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    /// The preset.
    pub preset: Preset,
    /// The treatment of deficits.
    pub deficits: Deficits,
    /// What results compare with.
    pub baseline: Baseline,
    /// Use the world's input table. `false`: value added = sales, even where the world has one. Presets without intermediate
    /// goods refuse a world with inputs unless this is `false`.
    pub inputs: bool,
    /// phi, 0 to 1: how strong economies of scale are under [`Preset::Krugman`]; the others have none. 1 is free entry.
    pub scale: f64,
    /// kappa_L, 0 or more: the elasticity of labour supply, `L_hat_n = (w_hat_n / prod_j P_hat_nj^alpha_nj)^kappa_L`. 0 is fixed labour.
    pub labour_supply_elasticity: f64,
    /// eta, 0 or more: the elasticity of substitution between the products of a sector, where sectors are sold as products
    /// ([`ProductEconomy`](crate::ProductEconomy)). 1 divides spending on a sector in fixed shares.
    pub product_elasticity: f64,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            preset: Preset::default(),
            deficits: Deficits::default(),
            baseline: Baseline::default(),
            inputs: true,
            scale: 1.0,
            labour_supply_elasticity: 0.0,
            product_elasticity: 1.0,
        }
    }
}

/// When a solve stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Largest relative residual of any equilibrium condition at a solution.
    pub tolerance: f64,
    /// Most Newton iterations of one solve, over all steps of its path; products with the derivative may be ten times as many.
    pub max_iterations: usize,
    /// Whether to go on where the equilibrium that leads on from the baseline ends, as economies of scale can make it: another may be found
    /// then, which [`SolveReport::elsewhere`](crate::SolveReport::elsewhere) tells apart. Off by default: who searches over tariffs wants no
    /// jumps.
    pub beyond_folds: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { tolerance: 1e-10, max_iterations: 1000, beyond_folds: false }
    }
}
