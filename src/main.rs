//! The command: reads arguments, runs, and turns the outcome into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    cara_bot::cli::main()
}
