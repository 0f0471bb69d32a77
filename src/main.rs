//! The `skillwatch` command.

use std::process::ExitCode;

/// polars allocates a great deal; this allocator costs it 20–40 % less than the system's. It serves C libraries too
/// (`override`): the compression makes contexts without end. Huge pages are not asked for (`no_thp`): in virtual machines a
/// fresh one costs more than it saves, and the memory that is held grows by a tenth.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    skillwatch::cli::main()
}
