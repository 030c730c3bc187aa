//! Dependencies point one way: which crate of ours may see which.

use serde_json::Value;

/// Every crate of ours and the crates of ours it may depend on, faces first.
pub const LAYERS: [(&str, &[&str]); 11] = [
    ("cobden-cli", &["cobden", "cobden-web"]),
    ("cobden-web", &["cobden"]),
    (
        "cobden",
        &[
            "cobden-data",
            "cobden-ensemble",
            "cobden-equilibrium",
            "cobden-measures",
            "cobden-report",
            "cobden-strategy",
            "cobden-world",
        ],
    ),
    ("cobden-data", &["cobden-world"]),
    ("cobden-measures", &["cobden-world"]),
    ("cobden-strategy", &["cobden-equilibrium", "cobden-world"]),
    ("cobden-equilibrium", &["cobden-world"]),
    ("cobden-ensemble", &[]),
    ("cobden-report", &[]),
    ("cobden-world", &[]),
    ("xtask", &[]),
];

/// The edges of `cargo metadata` between members of the workspace that [`LAYERS`] does not allow, as `from -> to`; a member that
/// [`LAYERS`] does not know counts as one. Dependencies for tests and benches count like any other.
pub fn forbidden_edges(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let ours: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut forbidden = Vec::new();
    for package in packages {
        let Some(from) = package["name"].as_str() else { continue };
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == from) else {
            forbidden.push(format!("{from} -> (not in LAYERS)"));
            continue;
        };
        let dependencies = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
        let names = dependencies.iter().filter_map(|dependency| dependency["name"].as_str());
        forbidden
            .extend(names.filter(|to| ours.contains(to) && !allowed.contains(to)).map(|to| format!("{from} -> {to}")));
    }
    forbidden
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn metadata() -> Value {
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    #[test]
    fn dependencies_point_one_way() {
        let metadata = metadata();
        assert_eq!(metadata["packages"].as_array().unwrap().len(), LAYERS.len());
        assert_eq!(forbidden_edges(&metadata), Vec::<String>::new());
    }

    #[test]
    fn an_edge_upwards_is_found() {
        let mut metadata = metadata();
        let packages = metadata["packages"].as_array_mut().unwrap();
        let world = packages.iter_mut().find(|package| package["name"] == "cobden-world").unwrap();
        world["dependencies"].as_array_mut().unwrap().push(serde_json::json!({ "name": "cobden-report" }));
        assert_eq!(forbidden_edges(&metadata), ["cobden-world -> cobden-report"]);
    }
}
