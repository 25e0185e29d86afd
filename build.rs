//! Builds again when the knowledge compiled into the program changes, which the macro that reads it
//! cannot say on the stable compiler.

fn main() {
    println!("cargo::rerun-if-changed=knowledge");
}
