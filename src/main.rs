//! The command: reads arguments, runs, and turns the outcome into an exit code.

use std::process::ExitCode;

/// An answer is made of many small pieces: with this it takes a sixth less time than with the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cara_bot::cli::main()
}
