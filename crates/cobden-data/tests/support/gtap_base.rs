//! A small database of GTAP that adds up, drawn at random, written in either layout.

use cobden_data::har::{HarFile, Header};
use cobden_world::Names;
use ndarray::{Array, Array1, Array2, Array3, Array4, Axis, Dimension, concatenate};

const REGIONS: usize = 3;
const GOODS: usize = 4;

fn names(list: &[&str]) -> Names {
    Names::new(list.iter().map(|name| (*name).to_owned())).unwrap()
}

/// A database, in the names of version 7. `[k, a, n]`, `[k, n]`, `[k, i, n]`.
#[derive(Clone)]
pub struct Base {
    pub regions: Names,
    pub commodities: Names,
    pub factor_names: Names,
    pub margin_names: Names,
    pub basic: Array3<f64>,
    pub fob: Array3<f64>,
    pub routes: Array4<f64>,
    pub cif: Array3<f64>,
    pub market: Array3<f64>,
    pub tariffs: Array3<f64>,
    pub margins_sold: Array2<f64>,
    /// Firms, households, government, investment: domestic and imported, basic prices.
    pub firms: [Array3<f64>; 2],
    pub others: [[Array2<f64>; 2]; 3],
    /// Firms' purchases with taxes.
    pub firms_paid: [Array3<f64>; 2],
    /// `[f, a, n]`.
    pub factors: Array3<f64>,
    /// `[k, n]`: output at basic prices and before tax.
    pub output: Array2<f64>,
    pub supplied: Array2<f64>,
    pub sigma: Array1<f64>,
}

/// Numbers between 0 and 1.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / (1u64 << 24) as f64
    }

    fn between<D: Dimension>(
        &mut self,
        shape: impl ndarray::ShapeBuilder<Dim = D>,
        low: f64,
        high: f64,
    ) -> Array<f64, D> {
        Array::from_shape_simple_fn(shape, || low + (high - low) * self.next())
    }
}

impl Base {
    pub fn draw(seed: u64) -> Self {
        let mut draw = Draw(seed.wrapping_add(17));
        let (n, k) = (REGIONS, GOODS);
        let trade = (k, n, n);
        let basic = draw.between(trade, 1.0, 20.0);
        let fob = &basic * &draw.between(trade, 1.0, 1.1);
        // The last commodity is transport, as services go without it themselves.
        let mut routes = Array4::zeros((1, k, n, n));
        routes.index_axis_mut(Axis(0), 0).assign(&(&fob * &draw.between(trade, 0.02, 0.1)));
        routes.index_axis_mut(Axis(1), k - 1).fill(0.0);
        let tariffs = draw.between(trade, 0.0, 0.4);
        let base = Self {
            regions: names(&["USA", "EU_27", "ROW"]),
            commodities: names(&["food", "steel", "services", "transport"]),
            factor_names: names(&["labour", "capital"]),
            margin_names: names(&["transport"]),
            cif: basic.clone(),
            market: basic.clone(),
            margins_sold: Array2::zeros((1, n)),
            firms: [(); 2].map(|()| Array3::zeros((k, k, n))),
            others: [(); 3].map(|()| [(); 2].map(|()| Array2::zeros((k, n)))),
            firms_paid: [(); 2].map(|()| Array3::zeros((k, k, n))),
            factors: Array3::zeros((2, k, n)),
            output: Array2::zeros((k, n)),
            supplied: Array2::zeros((k, n)),
            sigma: draw.between(k, 1.5, 8.0),
            basic,
            fob,
            routes,
            tariffs,
        };
        base.complete(&mut draw)
    }

    /// The same without what region `i` sells to `n` of `k`.
    pub fn without_trade(&self, k: usize, i: usize, n: usize) -> Self {
        let mut base = self.clone();
        base.basic[[k, i, n]] = 0.0;
        base.fob[[k, i, n]] = 0.0;
        base.routes[[0, k, i, n]] = 0.0;
        base.complete(&mut Draw(99))
    }

    /// Everything that follows from trade, by the identities of the database.
    fn complete(mut self, draw: &mut Draw) -> Self {
        let (n, k) = (REGIONS, GOODS);
        self.cif = &self.fob + &self.routes.sum_axis(Axis(0));
        self.market = &self.cif * &(1.0 + &self.tariffs);
        let shares = draw.between(n, 0.5, 1.5);
        let used = self.routes.sum();
        self.margins_sold.row_mut(0).assign(&(&shares / shares.sum() * used));
        // Imports fall to users by random shares; domestic purchases are drawn, those of final demand large enough for profits.
        let imports = self.market.sum_axis(Axis(1));
        let weights = draw.between((k + 3, k, n), 0.2, 1.0);
        let totals = weights.sum_axis(Axis(0));
        let imported = |user: usize| &imports * &weights.index_axis(Axis(0), user) / &totals;
        for a in 0..k {
            self.firms[1].index_axis_mut(Axis(1), a).assign(&imported(a));
        }
        self.firms[0] = draw.between((k, k, n), 1.0, 10.0);
        for (user, other) in self.others.iter_mut().enumerate() {
            other[0] = draw.between((k, n), 200.0, 300.0);
            other[1] = imported(k + user);
        }
        for (paid, basic) in self.firms_paid.iter_mut().zip(&self.firms) {
            *paid = basic * &draw.between((k, k, n), 0.98, 1.1);
        }
        self.output = self.firms[0].sum_axis(Axis(1)) + self.basic.sum_axis(Axis(2));
        for other in &self.others {
            self.output += &other[0];
        }
        let mut transport = self.output.row_mut(k - 1);
        transport += &self.margins_sold.row(0);
        self.supplied = &self.output / &draw.between((k, n), 1.0, 1.1);
        let cost = (&self.firms_paid[0] + &self.firms_paid[1]).sum_axis(Axis(0));
        let left = &self.supplied - &cost;
        assert!(left.iter().all(|value| *value > 0.0));
        let labour = &left * &draw.between((k, n), 0.3, 0.7);
        self.factors.index_axis_mut(Axis(0), 1).assign(&(&left - &labour));
        self.factors.index_axis_mut(Axis(0), 0).assign(&labour);
        self
    }

    fn put<D: Dimension>(&self, file: &mut HarFile, name: &str, sets: &[(&str, &Names)], values: &Array<f64, D>) {
        let header = Header::reals(name, &format!("drawn {name}"), sets, values.view().into_dyn()).unwrap();
        file.headers.push(header);
    }

    fn trade(&self, file: &mut HarFile, names: [&str; 4], set: &str) {
        let (comm, reg) = ((set, &self.commodities), ("REG", &self.regions));
        for (name, values) in names.into_iter().zip([&self.basic, &self.fob, &self.cif, &self.market]) {
            self.put(file, name, &[comm, reg, reg], values);
        }
        let marg = ("MARG", &self.margin_names);
        self.put(file, "VST", &[marg, reg], &self.margins_sold);
        self.put(file, "VTWR", &[marg, comm, reg, reg], &self.routes);
    }

    pub fn version_7(&self) -> HarFile {
        let diagonal = |panel: &Array2<f64>| {
            let mut make = Array3::zeros((GOODS, GOODS, REGIONS));
            for ((k, n), value) in panel.indexed_iter() {
                make[[k, k, n]] = *value;
            }
            make
        };
        self.with_make(&diagonal(&self.output), &diagonal(&self.supplied))
    }

    /// The first activity makes part of the second commodity, too: the second activity makes, buys and employs the less.
    pub fn joint_production(&self) -> HarFile {
        let mut base = self.clone();
        let mut make = Array3::zeros((GOODS, GOODS, REGIONS));
        let mut supplied = make.clone();
        for ((k, n), value) in self.output.indexed_iter() {
            make[[k, k, n]] = *value;
            supplied[[k, k, n]] = self.supplied[[k, n]];
        }
        for n in 0..REGIONS {
            for array in [&mut make, &mut supplied] {
                let moved = 0.25 * array[[1, 1, n]];
                array[[1, 1, n]] -= moved;
                array[[1, 0, n]] += moved;
            }
            for array in base.firms.iter_mut().chain(&mut base.firms_paid).chain([&mut base.factors]) {
                for first in 0..array.dim().0 {
                    let moved = 0.25 * array[[first, 1, n]];
                    array[[first, 1, n]] -= moved;
                    array[[first, 0, n]] += moved;
                }
            }
        }
        base.with_make(&make, &supplied)
    }

    fn with_make(&self, make: &Array3<f64>, supplied: &Array3<f64>) -> HarFile {
        let (comm, acts, reg) = (("COMM", &self.commodities), ("ACTS", &self.commodities), ("REG", &self.regions));
        let release = ["R11.0".to_owned()];
        let mut file = HarFile { headers: vec![Header::texts("DREL", "Release", release)] };
        let firms = [("VDFB", &self.firms[0]), ("VMFB", &self.firms[1])];
        let paid = [("VDFP", &self.firms_paid[0]), ("VMFP", &self.firms_paid[1])];
        for (name, values) in firms.into_iter().chain(paid).chain([("MAKB", make), ("MAKS", supplied)]) {
            self.put(&mut file, name, &[comm, acts, reg], values);
        }
        for (names, values) in [["VDPB", "VMPB"], ["VDGB", "VMGB"], ["VDIB", "VMIB"]].into_iter().zip(&self.others) {
            self.put(&mut file, names[0], &[comm, reg], &values[0]);
            self.put(&mut file, names[1], &[comm, reg], &values[1]);
        }
        self.put(&mut file, "EVFP", &[("ENDW", &self.factor_names), acts, reg], &self.factors);
        self.trade(&mut file, ["VXSB", "VFOB", "VCIF", "VMSB"], "COMM");
        file
    }

    pub fn version_6(&self) -> HarFile {
        let produced = names(&["food", "steel", "services", "transport", "CGDS"]);
        let (trad, prod, reg) = (("TRAD_COMM", &self.commodities), ("PROD_COMM", &produced), ("REG", &self.regions));
        let with_investment = |firms: &Array3<f64>, origin: usize| {
            let invested = self.others[2][origin].view().insert_axis(Axis(1));
            concatenate(Axis(1), &[firms.view(), invested]).unwrap()
        };
        let mut file = HarFile::default();
        for (name, values) in [
            ("VDFM", with_investment(&self.firms[0], 0)),
            ("VIFM", with_investment(&self.firms[1], 1)),
            ("VDFA", with_investment(&self.firms_paid[0], 0)),
            ("VIFA", with_investment(&self.firms_paid[1], 1)),
        ] {
            self.put(&mut file, name, &[trad, prod, reg], &values);
        }
        for (names, values) in [["VDPM", "VIPM"], ["VDGM", "VIGM"]].into_iter().zip(&self.others) {
            self.put(&mut file, names[0], &[trad, reg], &values[0]);
            self.put(&mut file, names[1], &[trad, reg], &values[1]);
        }
        let none = Array3::zeros((2, 1, REGIONS));
        let factors = concatenate(Axis(1), &[self.factors.view(), none.view()]).unwrap();
        self.put(&mut file, "EVFA", &[("ENDW_COMM", &self.factor_names), prod, reg], &factors);
        self.trade(&mut file, ["VXMD", "VXWD", "VIWS", "VIMS"], "TRAD_COMM");
        file
    }

    pub fn parameters(&self) -> HarFile {
        let mut file = HarFile::default();
        self.put(&mut file, "ESBM", &[("COMM", &self.commodities)], &self.sigma);
        file
    }
}
