//! Builds again when what is compiled into the program changes, which the macros that read it cannot
//! say on the stable compiler: the knowledge, and the journal's tables. And tells the program what it is
//! built from, so that it uses no engine that another build has trained.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=knowledge");
    let mut hasher = DefaultHasher::new();
    std::env::var_os("TARGET").hash(&mut hasher);
    for path in ["Cargo.lock", "Cargo.toml", "assets/words", "src"] {
        println!("cargo::rerun-if-changed={path}");
        hash(Path::new(path), &mut hasher);
    }
    println!("cargo::rustc-env=CARA_BUILD={:016x}", hasher.finish());
}

/// Takes in a file, or all files below a directory, in an order that is the same everywhere.
fn hash(path: &Path, hasher: &mut DefaultHasher) {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).expect("the sources can be listed");
        let mut paths: Vec<_> = entries
            .map(|entry| entry.expect("the sources can be listed").path())
            .collect();
        paths.sort();
        paths.iter().for_each(|path| hash(path, hasher));
    } else {
        let bytes = std::fs::read(path).expect("the sources can be read");
        (path.to_string_lossy(), bytes).hash(hasher);
    }
}
