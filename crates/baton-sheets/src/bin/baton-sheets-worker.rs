//! The worker on its own: what `baton worker parse` does, as a small program for tests and benches.

fn main() -> std::process::ExitCode {
    baton_sheets::worker_main()
}
