//! Where the text of the law comes from.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use cobden_measures::{Register, Text};
use cobden_world::Problem;
use rust_embed::Embed;

use crate::disk::read_at_most;

/// No file of measures is longer; one that is was named by mistake, and is not read into memory.
const LONGEST: u64 = 64 << 20;

#[derive(Embed)]
#[folder = "measures"]
struct Embedded;

/// The register of tariff law that cobden carries. It is read once.
///
/// # Errors
/// Never: the tests read it, and work out every check in it.
pub fn register() -> Result<&'static Register, Problem> {
    static REGISTER: OnceLock<Result<Register, Problem>> = OnceLock::new();
    REGISTER.get_or_init(|| Register::read(register_texts())).as_ref().map_err(Clone::clone)
}

/// The files of the register that cobden carries, by name, e.g. to copy them out.
pub fn register_texts() -> Vec<Text> {
    let mut names: Vec<_> = Embedded::iter().collect();
    names.sort_unstable();
    let text = |name: &str| {
        let file = Embedded::get(name)?;
        Some(Text::new(format!("measures/{name}"), String::from_utf8_lossy(&file.data)))
    };
    names.iter().filter_map(|name| text(name)).collect()
}

/// The files of measures that a user names: a file, or a folder with all that lies in it and below, in the order of their names.
///
/// # Errors
/// A path that cannot be read, a file that is not UTF-8, a folder without any `.toml` or `.csv`.
pub fn texts(path: &Path) -> Result<Vec<Text>, Problem> {
    let mut paths = Vec::new();
    collect(path, &mut paths)?;
    if paths.is_empty() {
        let problem = Problem::new("no measures: neither .toml nor .csv").in_file(path.display().to_string());
        return Err(problem.help("name a file in the format trade-measure/1, or a folder of such files"));
    }
    paths.iter().map(|path| read(path)).collect()
}

fn collect(path: &Path, into: &mut Vec<PathBuf>) -> Result<(), Problem> {
    if !path.is_dir() {
        into.push(path.to_owned());
        return Ok(());
    }
    let failed = |error: std::io::Error| Problem::new(error.to_string()).in_file(path.display().to_string());
    let mut inside = Vec::new();
    for entry in fs::read_dir(path).map_err(failed)? {
        inside.push(entry.map_err(failed)?.path());
    }
    inside.sort();
    for path in inside {
        let law = path.extension().is_some_and(|kind| kind == "toml" || kind == "csv");
        if law || path.is_dir() {
            collect(&path, into)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Text, Problem> {
    let name = path.display().to_string();
    let bytes = read_at_most(path, LONGEST).map_err(|problem| problem.in_file(name.clone()))?;
    match String::from_utf8(bytes) {
        Ok(content) => Ok(Text::new(name, content)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err(Problem::new(format!("not UTF-8 from byte {at} on")).in_file(name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that was added after the last build would be missing without this.
    #[test]
    fn what_is_inside_is_what_lies_in_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("measures");
        let on_disk = texts(&folder).unwrap();
        let inside = register_texts();
        assert_eq!(inside.len(), on_disk.len());
        for text in &on_disk {
            assert!(inside.iter().any(|known| known.content == text.content), "{}", text.name);
        }
        assert!(register().unwrap().check().is_empty());
    }

    #[test]
    fn what_is_no_law_is_refused_by_name() {
        let problem = texts(Path::new("no-such-folder")).unwrap_err();
        assert_eq!(problem.place.unwrap().file, "no-such-folder");
        let folder = tempfile::tempdir().unwrap();
        assert!(texts(folder.path()).unwrap_err().message.contains("no measures"));
        let file = folder.path().join("a.toml");
        fs::write(&file, [b'a', 0xff]).unwrap();
        assert_eq!(texts(&file).unwrap_err().message, "not UTF-8 from byte 1 on");
    }
}
