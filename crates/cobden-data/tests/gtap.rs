//! GTAP databases: a small one, made here, in both layouts.

mod support;

use cobden_data::gtap::{self, Gtap, Source};
use cobden_data::har::{HarFile, Header};
use cobden_world::{Names, toy::Toy};
use ndarray::Axis;
use support::gtap_base::Base;

#[allow(clippy::unwrap_used, reason = "what does not read fails the test")]
fn read(data: &HarFile, parameters: &HarFile) -> Gtap {
    gtap::read(&Source { data, parameters: Some(parameters), rates: None, year: 2017 }).unwrap()
}

/// Largest difference relative to the largest value: values are 32-bit floats, so sums of a few dozen agree to about 1e-6.
fn apart<'a>(a: impl IntoIterator<Item = &'a f64>, b: impl IntoIterator<Item = &'a f64>) -> f64 {
    let pairs: Vec<(f64, f64)> = a.into_iter().copied().zip(b.into_iter().copied()).collect();
    let largest = pairs.iter().map(|(a, b)| a.abs().max(b.abs())).fold(0.0, f64::max);
    pairs.iter().map(|(a, b)| (a - b).abs() / largest).fold(0.0, f64::max)
}

#[test]
fn the_accounts_of_version_7_add_up() {
    let base = Base::draw(7);
    let gtap = read(&base.version_7(), &base.parameters());
    let table = &gtap.table;
    assert_eq!(table.gaps(1e-6, 0.0), []);
    // Row: what is used is what is bought.
    let used = table.inputs.sum_axis(Axis(2)) + &table.final_demand;
    let bought = table.flows.sum_axis(Axis(1));
    assert!(apart(&used, &bought) < 1e-6);
    assert!(table.value_added.iter().all(|value| *value > 0.0));
    assert_eq!(table.dataset, "GTAP R11.0 (version 7 layout)");
}

#[test]
fn both_versions_give_the_same_accounts() {
    for seed in 0..8 {
        let base = Base::draw(seed);
        let (seven, six) = (read(&base.version_7(), &base.parameters()), read(&base.version_6(), &base.parameters()));
        assert_eq!((&seven.table.regions, &seven.table.sectors), (&six.table.regions, &six.table.sectors));
        let pairs = [
            (apart(&seven.table.flows, &six.table.flows), "flows"),
            (apart(&seven.table.inputs, &six.table.inputs), "inputs"),
            (apart(&seven.table.final_demand, &six.table.final_demand), "final demand"),
            (apart(&seven.table.value_added, &six.table.value_added), "value added"),
            (apart(&seven.table.output, &six.table.output), "output"),
            (apart(&seven.tariffs, &six.tariffs), "tariffs"),
        ];
        for (apart, what) in pairs {
            assert!(apart < 1e-6, "{what} {apart:e}");
        }
        // Taxes on output are a residual of version 6, whose error is that of output.
        let scale = seven.table.output.iter().copied().fold(0.0, f64::max);
        let taxes = &seven.table.taxes - &six.table.taxes;
        assert!(taxes.iter().all(|apart| apart.abs() < 1e-6 * scale));
        assert_eq!(seven.elasticities, six.elasticities);
    }
}

#[test]
fn tariffs_and_elasticities_are_those_that_were_put_in() {
    let base = Base::draw(3);
    let gtap = read(&base.version_7(), &base.parameters());
    for ((k, i, n), rate) in base.tariffs.indexed_iter() {
        let expected = if n == i { 0.0 } else { *rate };
        assert!((gtap.tariffs[[n, i, k]] - expected).abs() < 1e-6);
    }
    for (theta, sigma) in gtap.elasticities.unwrap().iter().zip(&base.sigma) {
        assert_eq!(*theta, f64::from(*sigma as f32) - 1.0);
    }
    assert!(gtap.table.remarks.iter().any(|remark| remark.contains("tariffs on trade within regions")));
}

#[test]
fn an_activity_with_two_products_gives_both_its_inputs() {
    let base = Base::draw(5);
    let joint = read(&base.joint_production(), &base.parameters());
    let table = &joint.table;
    assert_eq!(table.gaps(1e-6, 0.0), []);
    assert!(table.remarks.iter().any(|remark| remark.contains("several commodities")));
    // The world's value added does not hang on which commodity it is booked under.
    let plain = read(&base.version_7(), &base.parameters());
    assert!((table.world_value_added() / plain.table.world_value_added() - 1.0).abs() < 1e-6);
}

#[test]
fn elements_in_another_order_mean_the_same() {
    let base = Base::draw(2);
    let mut file = base.version_7();
    let regions = Names::new(base.regions.as_slice().iter().rev().cloned()).unwrap();
    let mut turned = base.margins_sold.clone();
    turned.invert_axis(Axis(1));
    let sets = [("MARG", &base.margin_names), ("REG", &regions)];
    let header = Header::reals("VST", "turned", &sets, turned.view().into_dyn()).unwrap();
    *file.headers.iter_mut().find(|header| header.name == "VST").unwrap() = header;
    assert_eq!(read(&file, &base.parameters()), read(&base.version_7(), &base.parameters()));
}

#[test]
fn what_is_missing_is_named() {
    let base = Base::draw(1);
    let whole = base.version_7();
    for name in ["VMFB", "EVFP", "VST", "MAKS"] {
        let mut file = whole.clone();
        file.headers.retain(|header| header.name != name);
        let source = Source { data: &file, parameters: None, rates: None, year: 2017 };
        assert!(gtap::read(&source).unwrap_err().message.contains(name), "{name}");
    }
    let source = Source { data: &HarFile::default(), parameters: None, rates: None, year: 2017 };
    assert!(gtap::read(&source).unwrap_err().message.contains("VXSB"));
}

#[test]
fn stated_rates_stand_where_nothing_is_traded() {
    let base = Base::draw(4).without_trade(0, 1, 2);
    let data = base.version_7();
    let sets = [("COMM", &base.commodities), ("REG", &base.regions), ("REG", &base.regions)];
    let rates = ndarray::Array3::from_elem(base.basic.dim(), 12.5);
    let rates = HarFile { headers: vec![Header::reals("RTMS", "rates", &sets, rates.view().into_dyn()).unwrap()] };
    let gtap = gtap::read(&Source { data: &data, parameters: None, rates: Some(&rates), year: 2017 }).unwrap();
    assert_eq!(gtap.tariffs[[2, 1, 0]], 0.125);
    assert!((gtap.tariffs[[1, 2, 0]] - base.tariffs[[0, 2, 1]]).abs() < 1e-6);
}

#[test]
fn a_world_goes_out_as_header_arrays() {
    let world = Toy { countries: 4, sectors: 3, ..Toy::default() }.world();
    let bytes = gtap::world(&world).unwrap().to_bytes().unwrap();
    let file = HarFile::read(&bytes[..], "world.har").unwrap();
    assert_eq!(file.get("REG").unwrap().as_texts().unwrap(), world.countries.as_slice());
    let flows = file.get("VXSB").unwrap().array().unwrap();
    let rates = file.get("RTMS").unwrap().array().unwrap();
    for ((n, i, j), value) in world.flows.indexed_iter() {
        assert_eq!(flows[[j, i, n]], f64::from(*value as f32));
        assert!((rates[[j, i, n]] / 100.0 - world.tariffs[[n, i, j]].0).abs() < 1e-7);
    }
    let inputs = file.get("VINP").unwrap().array().unwrap();
    for ((n, k, j), value) in world.inputs.as_ref().unwrap().indexed_iter() {
        assert_eq!(inputs[[k, j, n]], f64::from(*value as f32));
    }
    let theta = file.get("ESBM").unwrap().array().unwrap();
    for (sigma, theta) in theta.iter().zip(world.elasticities.as_ref().unwrap()) {
        assert!((sigma - 1.0 - theta).abs() < 1e-5);
    }
}
