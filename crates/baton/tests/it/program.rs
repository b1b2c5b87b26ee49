//! Runs the built program, and a demo zone made once and copied for each test that writes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The built program.
pub fn baton() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_baton"));
    command.env("LANG", "zh_CN.UTF-8").env_remove("LC_ALL").stdin(Stdio::null());
    command
}

/// Runs it with arguments.
pub fn run(args: &[&str]) -> Output {
    baton().args(args).output().expect("the program starts")
}

/// Standard output of a run that must end well.
#[track_caller]
pub fn ok(args: &[&str]) -> String {
    let output = run(args);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{args:?}: {}\n{out}\n{err}", output.status);
    out.into_owned()
}

/// Exit status and standard error of a run.
pub fn fails(args: &[&str]) -> (i32, String) {
    let output = run(args);
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout),
    )
}

/// The demo's folder, made once for all tests of this binary; read only.
pub fn demo() -> &'static Path {
    static DEMO: OnceLock<tempfile::TempDir> = OnceLock::new();
    DEMO.get_or_init(|| {
        // nextest runs each test in its own process: the folder is shared by name, made by whoever comes first.
        let shared = std::env::temp_dir().join(format!("baton-demo-{}", build_mark()));
        let ready = shared.join("ready");
        if !ready.exists() {
            let making = tempfile::tempdir_in(std::env::temp_dir()).expect("a folder");
            let dir = making.path().join("demo");
            ok(&["demo", "--no-serve", "--dir", path(&dir)]);
            std::fs::write(dir.join("ready"), "").expect("written");
            // Whoever is second loses the race and uses the first one's.
            if std::fs::rename(&dir, &shared).is_err() {
                assert!(ready.exists(), "the demo of another test is there");
            }
        }
        let mine = tempfile::tempdir().expect("a folder");
        copy(&shared, &mine.path().join("demo"));
        mine
    })
    .path()
}

/// A mark of the built program: its length and time.
fn build_mark() -> String {
    let meta = std::fs::metadata(env!("CARGO_BIN_EXE_baton")).expect("built");
    let time = meta.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
    format!("{}-{}", meta.len(), time.as_millis())
}

/// The zone of the demo in this test's own copy.
pub fn zone() -> PathBuf {
    demo().join("demo").join("zone")
}

/// A path as an argument.
pub fn path(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("made");
    for entry in std::fs::read_dir(from).expect("listed") {
        let entry = entry.expect("read");
        let target = to.join(entry.file_name());
        let kind = entry.file_type().expect("typed");
        if kind.is_dir() {
            copy(&entry.path(), &target);
        } else if kind.is_file() {
            std::fs::copy(entry.path(), target).expect("copied");
        }
    }
}
