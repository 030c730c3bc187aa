//! What both versions of the layout say, under one name each.

use cobden_world::{Names, Problem};
use ndarray::{Array2, Array3, Array4, Axis, Slice};

use super::arrays::Arrays;

/// The values of a database. `c`, `k`: commodity; `a`: activity; `m`: margin; `i`: source; `n`: region or destination.
pub(super) struct Parts {
    pub(super) regions: Names,
    pub(super) commodities: Names,
    pub(super) activities: Names,
    /// The commodity of each margin.
    pub(super) margins: Vec<usize>,
    /// `[k, a, n]`: firms' purchases of domestic and imported goods at basic prices.
    pub(super) domestic: Array3<f64>,
    pub(super) imported: Array3<f64>,
    /// `[a, n]`: taxes on those purchases.
    pub(super) sales_taxes: Array2<f64>,
    /// `[k, n]`: final use of domestic and imported goods at basic prices.
    pub(super) domestic_final: Array2<f64>,
    pub(super) imported_final: Array2<f64>,
    /// `[a, n]`: payments to factors.
    pub(super) factors: Array2<f64>,
    /// `[k, i, n]`: trade at the exporter's basic price, cif, and with tariff.
    pub(super) basic: Array3<f64>,
    pub(super) cif: Array3<f64>,
    pub(super) market: Array3<f64>,
    /// `[m, i]`: sales of transport margins.
    pub(super) transport: Array2<f64>,
    /// `[m, k, i, n]`: margins by route.
    pub(super) routes: Array4<f64>,
    /// `[c, a, n]`: output at basic prices and before taxes on output. `None`: each activity makes its own commodity, and the tax is
    /// what sales exceed cost by.
    pub(super) make: Option<(Array3<f64>, Array3<f64>)>,
}

impl Parts {
    pub(super) fn version_7(arrays: &Arrays<'_>) -> Result<Self, Problem> {
        let commodities = arrays.names("VXSB", 0)?;
        let regions = arrays.names("VXSB", 1)?;
        let activities = arrays.names("VDFB", 1)?;
        let use_sets = [&commodities, &activities, &regions];
        let panel_sets = [&commodities, &regions];
        let (domestic, imported) = (arrays.read3("VDFB", use_sets)?, arrays.read3("VMFB", use_sets)?);
        let paid = arrays.read3("VDFP", use_sets)? + arrays.read3("VMFP", use_sets)?;
        let sum = |names: [&str; 3]| {
            names.into_iter().try_fold(Array2::zeros((commodities.len(), regions.len())), |sum, name| {
                Ok::<_, Problem>(sum + arrays.read2(name, panel_sets)?)
            })
        };
        let factors = arrays.names("EVFP", 0)?;
        let factors = arrays.read3("EVFP", [&factors, &activities, &regions])?.sum_axis(Axis(0));
        let make = match arrays.has("MAKB") {
            true => Some((arrays.read3("MAKB", use_sets)?, arrays.read3("MAKS", use_sets)?)),
            false => None,
        };
        let (domestic_final, imported_final) = (sum(["VDPB", "VDGB", "VDIB"])?, sum(["VMPB", "VMGB", "VMIB"])?);
        let sales_taxes = (paid - &domestic - &imported).sum_axis(Axis(0));
        let trade = Trade::read(arrays, ["VXSB", "VCIF", "VMSB"], &commodities, &regions)?;
        let parts = Self {
            domestic,
            imported,
            sales_taxes,
            domestic_final,
            imported_final,
            factors,
            basic: trade.basic,
            cif: trade.cif,
            market: trade.market,
            margins: trade.margins,
            transport: trade.transport,
            routes: trade.routes,
            make,
            regions,
            commodities,
            activities,
        };
        match &parts.make {
            None if parts.activities != parts.commodities => {
                Err(Problem::new("no header MAKB, and activities are not commodities"))
            }
            _ => Ok(parts),
        }
    }

    pub(super) fn version_6(arrays: &Arrays<'_>) -> Result<Self, Problem> {
        let commodities = arrays.names("VXMD", 0)?;
        let regions = arrays.names("VXMD", 1)?;
        let produced = arrays.names("VDFM", 1)?;
        // Commodities in the order of trade, then goods of investment (CGDS), which only final demand buys.
        let investment: Vec<&str> = produced.iter().filter(|name| commodities.index(name).is_none()).collect();
        let columns = commodities.iter().chain(investment).map(str::to_owned);
        let columns = Names::new(columns).map_err(|name| Problem::new(format!("{name} stands twice")))?;
        let use_sets = [&commodities, &columns, &regions];
        let panel_sets = [&commodities, &regions];
        let (domestic, imported) = (arrays.read3("VDFM", use_sets)?, arrays.read3("VIFM", use_sets)?);
        let paid = arrays.read3("VDFA", use_sets)? + arrays.read3("VIFA", use_sets)?;
        let made = Slice::from(..commodities.len());
        let bought = Slice::from(commodities.len()..);
        let invested = |uses: &Array3<f64>| uses.slice_axis(Axis(1), bought).sum_axis(Axis(1));
        let sum = |names: [&str; 2], uses: &Array3<f64>| {
            names
                .into_iter()
                .try_fold(invested(uses), |sum, name| Ok::<_, Problem>(sum + arrays.read2(name, panel_sets)?))
        };
        let (domestic_final, imported_final) = (sum(["VDPM", "VDGM"], &domestic)?, sum(["VIPM", "VIGM"], &imported)?);
        let sales_taxes = (paid - &domestic - &imported).sum_axis(Axis(0));
        let factors = arrays.names("EVFA", 0)?;
        let factors = arrays.read3("EVFA", [&factors, &columns, &regions])?.sum_axis(Axis(0));
        let trade = Trade::read(arrays, ["VXMD", "VIWS", "VIMS"], &commodities, &regions)?;
        Ok(Self {
            domestic: domestic.slice_axis(Axis(1), made).to_owned(),
            imported: imported.slice_axis(Axis(1), made).to_owned(),
            sales_taxes: sales_taxes.slice_axis(Axis(0), made).to_owned(),
            factors: factors.slice_axis(Axis(0), made).to_owned(),
            domestic_final,
            imported_final,
            basic: trade.basic,
            cif: trade.cif,
            market: trade.market,
            margins: trade.margins,
            transport: trade.transport,
            routes: trade.routes,
            make: None,
            activities: commodities.clone(),
            regions,
            commodities,
        })
    }
}

/// Trade between regions and its transport: the same in both versions, but for names.
struct Trade {
    basic: Array3<f64>,
    cif: Array3<f64>,
    market: Array3<f64>,
    margins: Vec<usize>,
    transport: Array2<f64>,
    routes: Array4<f64>,
}

impl Trade {
    fn read(arrays: &Arrays<'_>, names: [&str; 3], commodities: &Names, regions: &Names) -> Result<Self, Problem> {
        let [basic, cif, market] = names.map(|name| arrays.read3(name, [commodities, regions, regions]));
        let margin_names = arrays.names("VST", 0)?;
        let find = |name: &str| {
            commodities.index(name).ok_or_else(|| Problem::unknown("margin commodity", name, commodities.iter()))
        };
        Ok(Self {
            basic: basic?,
            cif: cif?,
            market: market?,
            margins: margin_names.iter().map(find).collect::<Result<_, _>>()?,
            transport: arrays.read2("VST", [&margin_names, regions])?,
            routes: arrays.read4("VTWR", [&margin_names, commodities, regions, regions])?,
        })
    }
}
