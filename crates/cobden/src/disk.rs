//! The disk: reading what a user names, and writing whole directories or nothing.

use std::fs::{self, File};
use std::io::{BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use cobden_world::{Files, Problem};
use tempfile::TempDir;

/// A directory on disk as a source of named files, e.g. a world directory.
///
/// ```no_run
/// use cobden::{Disk, World};
/// let world = World::read(&Disk::new("worlds/icio-2022"))?;
/// # Ok::<(), cobden::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disk {
    directory: PathBuf,
}

impl Disk {
    /// The files of a directory. Nothing is opened yet.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }
}

impl Files for Disk {
    fn open(&self, name: &str) -> Result<Option<Box<dyn Read + '_>>, Problem> {
        let path = self.directory.join(name);
        match File::open(&path) {
            Ok(file) => Ok(Some(Box::new(BufReader::with_capacity(1 << 16, file)))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("read", &path, &error)),
        }
    }

    fn names(&self) -> Result<Vec<String>, Problem> {
        let entries = fs::read_dir(&self.directory).map_err(|error| failed("read", &self.directory, &error))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| failed("read", &self.directory, &error))?;
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        Ok(names)
    }

    fn label(&self, name: &str) -> String {
        self.directory.join(name).display().to_string()
    }
}

/// Largest file that is read whole, in bytes: some hundred times the largest that any recipe names.
const LARGEST: u64 = 1 << 28;

/// The whole of one file.
///
/// # Errors
/// A file that is absent, cannot be read or holds more than 256 MB, with its path.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Problem> {
    read_at_most(path, LARGEST)
}

/// The whole of a file that is no longer than `most` bytes; of a longer one, no more than that is read.
pub(crate) fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
    read.map_err(|error| failed("read", path, &error))?;
    if bytes.len() as u64 > most {
        let problem = Problem::new(format!("longer than {} MB", most >> 20));
        return Err(problem.in_file(path.display().to_string()).help("is this the file you mean?"));
    }
    Ok(bytes)
}

/// Writes files into a directory so that a reader never sees half a file, and a failure leaves the old files as they were.
///
/// Everything is written to a temporary directory beside the target first. If the target does not exist, that directory
/// becomes the target by one rename; otherwise its files are renamed into the target one by one, replacing files of the
/// same names and leaving others alone.
///
/// # Errors
/// A directory that cannot be written; then nothing has been changed.
pub fn write_directory(target: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Problem> {
    let parent = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Asked once: another run may make the folder between two questions.
    match fs::metadata(target) {
        Ok(there) if there.is_dir() => {
            // Inside the target, so that a folder which may not be written is found before anything is replaced.
            let staged = stage(target, files)?;
            return replace(staged.path(), target, files);
        }
        Ok(_) => {
            let problem = Problem::new(format!("cannot write {}: it is a file, not a folder", target.display()));
            return Err(problem.help("name another folder"));
        }
        Err(_) => {}
    }
    // From the innermost outwards: what a failure takes away again.
    let missing: Vec<&Path> = parent.ancestors().take_while(|folder| fs::symlink_metadata(folder).is_err()).collect();
    let made = fs::create_dir_all(parent).map_err(|error| failed("make the folder", parent, &error));
    made.and_then(|()| appear(parent, target, files)).inspect_err(|_| {
        for folder in missing {
            // One that is not empty has come into use by somebody else.
            let _ = fs::remove_dir(folder);
        }
    })
}

/// Makes the target inside its parent, with all files at once.
fn appear(parent: &Path, target: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Problem> {
    let staged = stage(parent, files)?;
    open_to_readers(staged.path())?;
    match fs::rename(staged.path(), target) {
        Ok(()) => {
            // It has moved: nothing is left to remove.
            let _moved = staged.keep();
            Ok(())
        }
        // Another run made the folder meanwhile.
        Err(_) if target.is_dir() => replace(staged.path(), target, files),
        Err(error) => Err(failed("write", target, &error)),
    }
}

/// Writes the files into a new hidden directory inside `parent`, on the same disk as the target so that a rename suffices.
fn stage(parent: &Path, files: &[(String, Vec<u8>)]) -> Result<TempDir, Problem> {
    let staged = tempfile::Builder::new()
        .prefix(".cobden-")
        .tempdir_in(parent)
        .map_err(|error| failed("write in", parent, &error))?;
    for (name, bytes) in files {
        let path = staged.path().join(name);
        File::create(&path)
            .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
            .map_err(|error| failed("write", &path, &error))?;
    }
    Ok(staged)
}

/// Moves staged files over those of the target.
fn replace(staged: &Path, target: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Problem> {
    for (name, _) in files {
        let to = target.join(name);
        if to.is_dir() {
            return Err(Problem::new(format!("cannot write {}: a folder of that name is in the way", to.display())));
        }
    }
    for (name, _) in files {
        let to = target.join(name);
        fs::rename(staged.join(name), &to).map_err(|error| failed("write", &to, &error))?;
    }
    Ok(())
}

/// Temporary directories are private to their owner; a result is for anyone who may read its parent.
#[cfg(unix)]
fn open_to_readers(directory: &Path) -> Result<(), Problem> {
    use std::os::unix::fs::PermissionsExt;
    let readable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(directory, readable).map_err(|error| failed("write", directory, &error))
}

#[cfg(not(unix))]
fn open_to_readers(_directory: &Path) -> Result<(), Problem> {
    Ok(())
}

/// `cannot VERB PATH: reason`.
pub(crate) fn failed(verb: &str, path: &Path, error: &std::io::Error) -> Problem {
    let problem = Problem::new(format!("cannot {verb} {}: {}", path.display(), reason(error)));
    match error.kind() {
        ErrorKind::NotFound => problem.help("check the path"),
        ErrorKind::PermissionDenied if verb == "read" => problem.help("ask its owner for the right to read it"),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            problem.help("choose a place that you may write")
        }
        ErrorKind::StorageFull => problem.help("nothing was changed; make room, or choose another disk"),
        _ => problem,
    }
}

/// The error of the system without its number.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "it lies on a read-only disk".to_owned(),
        ErrorKind::IsADirectory => "it is a folder".to_owned(),
        ErrorKind::NotADirectory => "a part of the path is no folder".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pairs: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_directory_appears_whole_with_its_parents() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("a/b");
        write_directory(&target, &files(&[("x.csv", "1"), ("y.csv", "2")])).unwrap();
        assert_eq!(names(&target), ["x.csv", "y.csv"]);
        assert_eq!(names(&root.path().join("a")), ["b"], "nothing temporary is left behind");
    }

    #[test]
    fn an_old_directory_keeps_its_other_files() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("note.txt"), "mine").unwrap();
        fs::write(root.path().join("x.csv"), "old").unwrap();
        write_directory(root.path(), &files(&[("x.csv", "new")])).unwrap();
        assert_eq!(names(root.path()), ["note.txt", "x.csv"]);
        assert_eq!(fs::read_to_string(root.path().join("x.csv")).unwrap(), "new");
    }

    #[test]
    fn a_failure_changes_nothing() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("x.csv"), "old").unwrap();
        fs::create_dir(root.path().join("y.csv")).unwrap();
        let problem = write_directory(root.path(), &files(&[("x.csv", "new"), ("y.csv", "new")])).unwrap_err();
        assert!(problem.message.contains("in the way"), "{problem}");
        assert_eq!(fs::read_to_string(root.path().join("x.csv")).unwrap(), "old");
        assert_eq!(names(root.path()), ["x.csv", "y.csv"]);
    }

    #[test]
    fn a_failure_takes_the_folders_it_made_away() {
        let root = tempfile::tempdir().unwrap();
        // No system has names this long.
        let target = root.path().join("a/b").join("x".repeat(300));
        assert!(write_directory(&target, &files(&[("x.csv", "1")])).is_err());
        assert_eq!(names(root.path()), Vec::<String>::new());
    }

    #[test]
    fn runs_at_the_same_time_write_the_same_folder() {
        for _ in 0..20 {
            let root = tempfile::tempdir().unwrap();
            let target = root.path().join("out");
            let many = files(&[("x.csv", "1"), ("y.csv", "2")]);
            std::thread::scope(|scope| {
                let runs: Vec<_> = (0..8).map(|_| scope.spawn(|| write_directory(&target, &many))).collect();
                assert!(runs.into_iter().all(|run| run.join().unwrap().is_ok()));
            });
            assert_eq!(names(&target), ["x.csv", "y.csv"]);
            assert_eq!(names(root.path()), ["out"]);
        }
    }

    #[test]
    fn a_file_too_long_to_be_meant_is_not_read() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("huge.toml");
        // Sparse: takes no room on disk.
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        let problem = read_file(&path).unwrap_err();
        assert!(problem.message.contains("longer than 256 MB"), "{problem}");
    }

    #[test]
    fn a_file_in_the_place_of_the_directory_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let target = root.path().join("out");
        fs::write(&target, "mine").unwrap();
        assert!(write_directory(&target, &files(&[("x.csv", "1")])).is_err());
        assert_eq!(fs::read_to_string(&target).unwrap(), "mine");
    }

    #[test]
    fn an_absent_file_is_none_and_a_missing_path_is_named() {
        let root = tempfile::tempdir().unwrap();
        assert!(Disk::new(root.path()).open("flows.csv").unwrap().is_none());
        let problem = read_file(&root.path().join("absent.toml")).unwrap_err();
        assert!(problem.message.contains("absent.toml"), "{problem}");
    }
}
