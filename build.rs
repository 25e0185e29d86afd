//! Builds again when what is compiled into the program changes, which the macros that read it cannot
//! say on the stable compiler: the knowledge, and the journal's tables.

fn main() {
    println!("cargo::rerun-if-changed=knowledge");
    println!("cargo::rerun-if-changed=src/journal/migrations");
}
