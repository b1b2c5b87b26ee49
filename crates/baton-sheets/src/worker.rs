//! The worker: a child process under limits that alone touches the bytes of a foreign workbook.
//!
//! The parent starts its own program again as `… worker parse`, hands the file over as standard input and
//! reads messages from standard output one by one. Whatever goes wrong in the child (a bound, a defect, an
//! end by the system) is a refusal with a cause; the parent's memory never depends on the file.

use crate::book::{Message, RawBook, RawSheet};
use crate::guard::{self, Format};
use crate::limits::{FILE_BYTES_MAX, Limits};
use crate::refused::Refused;
use crate::{xls, xlsx};
use baton_methods::Words;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex, mpsc};

const ADDRESS_SPACE: &str = "BATON_WORKER_ADDRESS_SPACE";
const CPU_SECONDS: &str = "BATON_WORKER_CPU_SECONDS";

/// What `baton worker parse` does: limits itself, reads the workbook on standard input and writes its
/// messages to standard output. The exit code is 0 whenever the last message is complete, also for a refusal.
pub fn worker_main() -> ExitCode {
    let defaults = Limits::default();
    let asked = |name: &str, most: u64| {
        std::env::var(name).ok().and_then(|n| n.parse().ok()).map_or(most, |n: u64| n.min(most))
    };
    if let Err(e) = limit(asked(ADDRESS_SPACE, u64::MAX), asked(CPU_SECONDS, u64::MAX), &defaults) {
        eprintln!("baton worker: {e}");
        return ExitCode::from(70);
    }
    let mut out = BufWriter::with_capacity(256 * 1024, io::stdout().lock());
    let mut buffer = Vec::new();
    let last = match parse_stdin(&mut out) {
        Ok(()) => Message::End { peak_bytes: peak_bytes() },
        Err(refused) => Message::Refused(refused),
    };
    match last.write(&mut out, &mut buffer).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(74),
    }
}

/// Sets the limits of this process for good.
fn limit(address_space: u64, cpu_seconds: u64, defaults: &Limits) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let address_space = if address_space == u64::MAX { defaults.address_space_bytes } else { address_space };
    let cpu_seconds = if cpu_seconds == u64::MAX { defaults.cpu_seconds } else { cpu_seconds };
    let set = |what: Resource, most: u64| -> io::Result<()> {
        let hard = getrlimit(what).maximum;
        let most = hard.map_or(most, |hard| hard.min(most));
        Ok(setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) })?)
    };
    set(Resource::As, mapped_bytes().saturating_add(address_space))?;
    set(Resource::Cpu, cpu_seconds)?;
    set(Resource::Core, 0)?;
    set(Resource::Fsize, 0)
}

/// Bytes of address space that the program maps at start: its own code counts against the limit too.
fn mapped_bytes() -> u64 {
    let pages: u64 = std::fs::read_to_string("/proc/self/statm")
        .ok()
        .and_then(|line| line.split(' ').next().and_then(|pages| pages.parse().ok()))
        .unwrap_or(0);
    pages.saturating_mul(rustix::param::page_size() as u64)
}

/// Most resident memory of this process, in bytes.
fn peak_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().strip_suffix("kB").and_then(|n| n.trim().parse::<u64>().ok())).unwrap_or(0) * 1024
}

/// Parses standard input: a file as it stands; a pipe is read up to the bound first.
fn parse_stdin(out: &mut impl Write) -> Result<(), Refused> {
    use std::os::fd::AsFd;
    let failed = |e: io::Error| Refused::malformed(format!("stdin: {e}"));
    let mut file = File::from(io::stdin().as_fd().try_clone_to_owned().map_err(failed)?);
    if file.seek(SeekFrom::Start(0)).is_ok() {
        return stream(&mut file, out);
    }
    let mut whole = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut whole).map_err(failed)?;
    stream(&mut Cursor::new(whole), out)
}

fn memory_file() -> io::Result<File> {
    let fd = rustix::fs::memfd_create("baton-workbook", rustix::fs::MemfdFlags::CLOEXEC)?;
    Ok(File::from(fd))
}

/// Guards and reads a workbook, writing its messages to `out` without the last one. Only the worker calls
/// it on foreign bytes; tests may on their own.
///
/// Errors: whatever is refused.
pub fn stream<R: Read + Seek>(file: &mut R, out: &mut impl Write) -> Result<(), Refused> {
    match guard::sniff(file)? {
        Format::Xlsx => xlsx::stream(BufReader::with_capacity(64 * 1024, file), out),
        Format::Xls => xls::stream(file, out),
    }
}

/// The messages of a workbook that a worker is reading.
///
/// It ends after [`Message::End`]; a refusal is its last item. Dropping it ends the worker.
#[derive(Debug)]
pub struct Rows {
    from: BufReader<ChildStdout>,
    child: Arc<Mutex<Child>>,
    stop: Option<mpsc::Sender<()>>,
    watch: Option<std::thread::JoinHandle<bool>>,
    buffer: Vec<u8>,
    done: bool,
}

/// Starts a worker on a workbook and hands over its messages as they come.
///
/// `exe` is a program that answers `worker parse` with [`worker_main`]: `std::env::current_exe()`.
///
/// Errors: a file past the bound, or a worker that cannot be started.
pub fn rows_in_worker(exe: &Path, file: &mut impl Read, limits: &Limits) -> Result<Rows, Refused> {
    let failed = |e: io::Error| {
        Refused::new(
            "worker.not_started",
            Words::new(format!("无法启动读取进程：{e}"), format!("the reading process cannot be started: {e}")),
            Words::new("稍后重试；仍不行请找管理员", "try again later; if it persists, tell the administrator"),
        )
    };
    let mut whole = memory_file().map_err(failed)?;
    let bytes = io::copy(&mut file.take(FILE_BYTES_MAX + 1), &mut whole).map_err(failed)?;
    if bytes > FILE_BYTES_MAX {
        return Err(Refused::too_big(
            "file.too_big",
            format!("文件超过 {} MB", FILE_BYTES_MAX >> 20),
            format!("the file has more than {} MB", FILE_BYTES_MAX >> 20),
        ));
    }
    whole.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut child = Command::new(exe)
        .args(["worker", "parse"])
        .env_clear()
        .env(ADDRESS_SPACE, limits.address_space_bytes.to_string())
        .env(CPU_SECONDS, limits.cpu_seconds.to_string())
        .stdin(Stdio::from(whole))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(failed)?;
    let from = child.stdout.take().ok_or_else(|| failed(io::ErrorKind::BrokenPipe.into()))?;
    let child = Arc::new(Mutex::new(child));
    let (stop, stopped) = mpsc::channel::<()>();
    let (watched, wall) = (child.clone(), limits.wall);
    let watch = std::thread::spawn(move || {
        let late = matches!(stopped.recv_timeout(wall), Err(mpsc::RecvTimeoutError::Timeout));
        if late && let Ok(mut child) = watched.lock() {
            // It may have ended by itself in this moment; then there is nothing to end.
            let _ = child.kill();
        }
        late
    });
    Ok(Rows {
        from: BufReader::with_capacity(256 * 1024, from),
        child,
        stop: Some(stop),
        watch: Some(watch),
        buffer: Vec::new(),
        done: false,
    })
}

impl Rows {
    /// Ends the watch and the worker; why it ended, if not by itself.
    fn finish(&mut self) -> Option<Refused> {
        self.done = true;
        drop(self.stop.take());
        let late = self.watch.take().and_then(|watch| watch.join().ok()).unwrap_or(false);
        let status = self.child.lock().ok().and_then(|mut child| child.wait().ok());
        if late {
            return Some(died("超过时限", "it took too long"));
        }
        let signal = status.and_then(|s| std::os::unix::process::ExitStatusExt::signal(&s));
        Some(match (status.and_then(|s| s.code()), signal) {
            (Some(0), _) => return None,
            (_, Some(6 | 11 | 7)) => died("超出内存上限", "it needs more memory than allowed"),
            (_, Some(24 | 9)) => died("超出计算时间上限", "it needs more processor time than allowed"),
            (Some(101), _) => died("读取进程异常退出", "the reading process failed"),
            _ => died("读取进程没有完成", "the reading process did not finish"),
        })
    }
}

fn died(zh: &str, en: &str) -> Refused {
    Refused::new(
        "worker.died",
        Words::new(format!("无法读取这个文件：{zh}"), format!("the file cannot be read: {en}")),
        Words::new(
            "只保留要填报的工作表另存为 .xlsx，或用我方模板重新填写",
            "save only the sheets to report as .xlsx, or fill in our template",
        ),
    )
}

impl Iterator for Rows {
    type Item = Result<Message, Refused>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match Message::read(&mut self.from, &mut self.buffer) {
            Ok(end @ Message::End { .. }) => {
                self.finish();
                Some(Ok(end))
            }
            Ok(Message::Refused(refused)) => {
                self.finish();
                Some(Err(refused))
            }
            Ok(message) => Some(Ok(message)),
            Err(_) => {
                let why =
                    self.finish().unwrap_or_else(|| died("读取进程没有完成", "the reading process did not finish"));
                Some(Err(why))
            }
        }
    }
}

impl Drop for Rows {
    fn drop(&mut self) {
        if !self.done {
            if let Ok(mut child) = self.child.lock() {
                // It may have ended by itself already.
                let _ = child.kill();
            }
            self.finish();
        }
    }
}

/// Reads a small workbook whole, in a worker.
///
/// Errors: as [`rows_in_worker`], and whatever the worker refuses.
pub fn parse_in_worker(exe: &Path, bytes: &[u8], limits: &Limits) -> Result<RawBook, Refused> {
    collect(rows_in_worker(exe, &mut Cursor::new(bytes), limits)?)
}

/// Reads a workbook whole in this very process: for workbooks of our own making and for tests. Foreign bytes
/// go through [`parse_in_worker`].
///
/// Errors: whatever is refused.
pub fn parse_here(bytes: &[u8]) -> Result<RawBook, Refused> {
    let (mut out, mut buffer) = (Vec::new(), Vec::new());
    stream(&mut Cursor::new(bytes), &mut out)?;
    let end = Message::End { peak_bytes: 0 };
    end.write(&mut out, &mut buffer).map_err(Refused::malformed)?;
    let mut from = Cursor::new(out);
    collect(std::iter::from_fn(|| Some(Message::read(&mut from, &mut buffer).map_err(Refused::malformed))))
}

/// Holds a stream of messages whole.
///
/// Errors: the stream ends in a refusal, or without [`Message::End`].
pub fn collect(messages: impl Iterator<Item = Result<Message, Refused>>) -> Result<RawBook, Refused> {
    let mut book = RawBook::default();
    for message in messages {
        match message? {
            Message::Sheet { name, hidden } => book.sheets.push(RawSheet { name, hidden, ..RawSheet::default() }),
            Message::Merged(areas) => {
                if let Some(sheet) = book.sheets.last_mut() {
                    sheet.merged = areas;
                }
            }
            Message::Row(row) => {
                if let Some(sheet) = book.sheets.last_mut() {
                    sheet.rows.push(row);
                }
            }
            Message::ExternalLinks => book.external_links = true,
            Message::End { .. } => return Ok(book),
            Message::Refused(refused) => return Err(refused),
        }
    }
    Err(died("读取进程没有完成", "the reading process did not finish"))
}
