//! Baton's program: verbs of the command line, configuration, the clock and the wiring of the rooms.

mod answer;
mod blueprints;
mod demo;
mod errands;
mod limits;
mod mail;
mod reports;
mod serve;
mod socket;
mod stories;
mod texts;
mod typesetter;
mod vault;
mod zone;

use answer::Failure;
use baton_kernel::messages::say;
use baton_methods::Lang;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Reading and replaying make many small values: the allocator is a third of their time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// 指挥棒 Baton：开发区重点工作推进 · delivery management for a development zone.
#[derive(Parser)]
#[command(name = "baton", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    /// 界面语言 · language of messages: zh, en（默认随 LANG）
    #[arg(long, global = true)]
    lang: Option<Tongue>,
    /// 新区数据目录，默认 zone（演示为 demo）· the zone's folder, default zone (demo for the demo)
    #[arg(long, global = true)]
    dir: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Clone, Copy, ValueEnum)]
enum Tongue {
    Zh,
    En,
}

/// The form of what is printed.
#[derive(Clone, Copy, ValueEnum, PartialEq, Eq)]
pub enum Format {
    /// Plain text.
    Text,
    /// JSON.
    Json,
    /// A workbook.
    Xlsx,
    /// PDF.
    Pdf,
    /// Word.
    Docx,
}

#[derive(Subcommand)]
enum Verb {
    /// 生成演示新区、产出文件并开启服务 · make the demo zone, its documents, and serve
    Demo {
        #[arg(long, default_value_t = 8080)]
        port: u16,
        /// 只生成，不开启服务 · make it, do not serve
        #[arg(long)]
        no_serve: bool,
        /// 随机种子 · seed of the invented figures
        #[arg(long, default_value_t = baton_stories::DEMO_SEED)]
        seed: u64,
    },
    /// 建立新区 · found a zone
    Init {
        /// 蓝图名称或文件夹 · blueprint by name or folder
        #[arg(long, default_value = "development-zone")]
        blueprint: String,
        /// 单位名册 CSV（code,name,short,kind,parent,duties,from,to）· list of units
        #[arg(long)]
        units: Option<PathBuf>,
        /// 新区名称 · name of the zone
        #[arg(long, default_value = "新区")]
        name: String,
        #[arg(long, default_value = "Zone")]
        name_en: String,
        #[arg(long, default_value = "XQ")]
        code: String,
        #[arg(long, default_value = "Asia/Shanghai")]
        time_zone: String,
        /// 首个管理员登录名 · login of the first administrator
        #[arg(long, default_value = "admin")]
        admin: String,
    },
    /// 开启服务 · serve
    Serve {
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// 由反向代理终止 TLS · TLS ends at a proxy
        #[arg(long)]
        tls: bool,
        /// 浏览器看到的源，如 https://baton.example.cn · origin that browsers show
        #[arg(long)]
        origin: Option<String>,
        #[command(flatten)]
        mail: mail::MailArgs,
    },
    /// 清洗乱码文本 · garbled text in, clean text out
    Clean {
        file: PathBuf,
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 从讲话、报道中提取会议事实与任务 · facts and directives of a text
    Extract {
        file: PathBuf,
        /// 文稿日期，用于“明天”“9月底前” · the document's own date
        #[arg(long)]
        date: Option<Date>,
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 单位填报工作簿 · fill-in workbook of a unit for a period
    Sheet {
        /// 单位代码 · unit code
        unit: String,
        period: String,
        #[arg(short, long)]
        output: PathBuf,
        #[command(flatten)]
        reading: Reading,
    },
    /// 导入填好的工作簿，默认只预览 · import a workbook; preview unless --confirm
    Import {
        file: PathBuf,
        #[arg(long)]
        period: String,
        /// 单位代码，默认取填报人所在单位 · unit, default the user's own
        #[arg(long)]
        unit: Option<String>,
        /// 确认入账 · enter what the preview shows
        #[arg(long)]
        confirm: bool,
        /// 退回工作簿（错误单元格标红加批注）· write the marked workbook here
        #[arg(long)]
        marked: Option<PathBuf>,
        #[arg(long, default_value = "text")]
        format: Format,
        #[command(flatten)]
        acting: Acting,
    },
    /// 评议 · the review of a period
    Review {
        period: String,
        #[arg(long, default_value = "text")]
        format: Format,
        #[arg(short, long)]
        output: Option<PathBuf>,
        #[command(flatten)]
        reading: Reading,
    },
    /// 月调度表 · dispatch table of a kind
    Dispatch {
        period: String,
        /// 事项类型 · kind
        #[arg(long)]
        kind: Option<String>,
        #[arg(long, default_value = "xlsx")]
        format: Format,
        #[arg(short, long)]
        output: PathBuf,
        #[command(flatten)]
        reading: Reading,
    },
    /// 通报（不印发）· the circular of a meeting; read-only
    Circular {
        meeting: String,
        #[arg(long)]
        format: Format,
        #[arg(short, long)]
        output: PathBuf,
        #[command(flatten)]
        reading: Reading,
    },
    /// 任务分解表 · task breakdown table of a meeting
    TaskTable {
        meeting: String,
        #[arg(long)]
        format: Format,
        #[arg(short, long)]
        output: PathBuf,
        #[command(flatten)]
        reading: Reading,
    },
    /// 印发通报 · issue the circular of a meeting
    Issue {
        meeting: String,
        /// 发文字号 · document number
        #[arg(long)]
        number: Option<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// 蓝图 · blueprint
    #[command(subcommand)]
    Blueprint(BlueprintVerb),
    /// 演练故事：默认在内存中；给出 --dir 则写入该目录的模拟新区 · play stories: in memory, or with --dir into a simulated zone
    Play {
        /// 故事文件 · story files
        #[arg(required = true)]
        stories: Vec<PathBuf>,
    },
    /// 核验台账 · verify the ledger
    Verify {
        /// 通报上印的指纹（全部 64 位，或通报打印的 12 位）· head hash printed on a circular
        #[arg(long)]
        witness: Option<String>,
        #[arg(long, default_value = "text")]
        format: Format,
    },
    /// 备份 · back up to a file
    Backup { file: PathBuf },
    /// 从备份恢复到空目录 · restore a backup into an empty folder
    Restore { file: PathBuf },
    /// 导出全部台账（不依赖本程序可读）· export everything, readable without Baton
    Export { folder: PathBuf },
    /// 账号 · accounts
    #[command(subcommand)]
    User(UserVerb),
    #[command(hide = true, subcommand)]
    Worker(WorkerVerb),
}

/// Acting for a person.
#[derive(Args, Clone)]
struct Acting {
    /// 以谁的名义（登录名）· act as this user
    #[arg(long = "as", value_name = "USER")]
    user: String,
}

/// Reading as of a day, for a person or the operator.
#[derive(Args, Clone)]
struct Reading {
    /// 截至某日所知 · as known on a day
    #[arg(long)]
    known: Option<Date>,
    /// 以谁的视角；默认为运维人员，可见全部 · as this user sees it; default the operator, who sees all
    #[arg(long = "as", value_name = "USER")]
    user: Option<String>,
}

#[derive(Subcommand)]
enum BlueprintVerb {
    /// 检查 · check a folder of files
    Check { folder: PathBuf },
    /// 启用 · apply a folder, after its effects are shown
    Apply {
        folder: PathBuf,
        #[arg(long)]
        because: String,
        /// 只显示影响 · show the effects only
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        acting: Acting,
    },
    /// 显示现行蓝图，或写到文件夹 · show the one in force, or write it to a folder
    Show {
        #[arg(short, long)]
        output: Option<PathBuf>,
        #[command(flatten)]
        reading: Reading,
    },
}

#[derive(Subcommand)]
enum UserVerb {
    /// 新增；初始口令取环境变量 BATON_PASSWORD，没有则生成 · add an account; first password from BATON_PASSWORD, else made
    Add {
        login: String,
        /// 姓名；已登记的人员可省略 · name of the person
        #[arg(long)]
        name: String,
        /// 单位代码 · unit
        #[arg(long)]
        unit: String,
        /// 岗位 · post
        #[arg(long, default_value = "工作人员")]
        post: String,
        /// 角色，可重复 · role, may repeat
        #[arg(long = "role", required = true)]
        roles: Vec<String>,
        #[command(flatten)]
        acting: Acting,
    },
    /// 重设口令（BATON_PASSWORD 或生成）· reset a password, from BATON_PASSWORD or made
    Passwd {
        login: String,
        #[command(flatten)]
        acting: Acting,
    },
    /// 列表 · list
    List {
        #[arg(long, default_value = "text")]
        format: Format,
    },
}

#[derive(Subcommand)]
enum WorkerVerb {
    /// 受限解析外来工作簿 · read a foreign workbook under limits
    Parse,
}

fn language(cli: Option<Tongue>) -> Lang {
    match cli {
        Some(Tongue::Zh) => Lang::Zh,
        Some(Tongue::En) => Lang::En,
        None => {
            let of = |key| std::env::var(key).ok().filter(|v: &String| !v.is_empty());
            let set = of("LC_ALL").or_else(|| of("LC_MESSAGES")).or_else(|| of("LANG")).unwrap_or_default();
            if set.starts_with("en") { Lang::En } else { Lang::Zh }
        }
    }
}

fn main() -> ExitCode {
    // The worker runs before anything else is set up: no runtime, no threads.
    let mut words = std::env::args_os().skip(1);
    if words.next().is_some_and(|w| w == "worker") && words.next().is_some_and(|w| w == "parse") {
        return baton_sheets::worker_main();
    }
    let cli = Cli::parse();
    let lang = language(cli.lang);
    let filter = tracing_subscriber::EnvFilter::try_from_env("BATON_LOG").unwrap_or_else(|_| "warn,baton=info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(71);
        }
    };
    let dir = cli.dir;
    match runtime.block_on(run(cli.verb, dir, lang)) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("{}", failure.said(lang));
            ExitCode::from(failure.exit())
        }
    }
}

async fn run(verb: Verb, given: Option<PathBuf>, lang: Lang) -> Result<u8, Failure> {
    use errands::Errand;
    let dir = given.clone().unwrap_or_else(|| PathBuf::from("zone"));
    let dir = dir.as_path();
    match verb {
        Verb::Demo { port, no_serve, seed } => {
            demo::run(given.unwrap_or_else(|| PathBuf::from("demo")), port, no_serve, seed, lang).await
        }
        Verb::Init { blueprint, units, name, name_en, code, time_zone, admin } => {
            let found = zone::Founding { name, name_en, code, time_zone, admin };
            zone::init(dir, &blueprint, units.as_deref(), found, lang).await
        }
        Verb::Serve { listen, tls, origin, mail } => serve::run(dir, listen, tls, origin, &mail, lang).await,
        Verb::Clean { file, format } => texts::clean(&file, format),
        Verb::Extract { file, date, format } => texts::extract(&file, date, format, lang),
        Verb::Sheet { unit, period, output, reading } => {
            let errand = Errand::Sheet { unit, period, view: view(&reading, lang) };
            zone::ask(dir, errand, Vec::new(), Some(&output), lang).await
        }
        Verb::Import { file, period, unit, confirm, marked, format, acting } => {
            let bytes = answer::read(&file)?;
            let errand = Errand::Import {
                period,
                unit,
                confirm,
                marked: marked.is_some(),
                json: format == Format::Json,
                user: acting.user,
                lang,
            };
            zone::ask(dir, errand, bytes, marked.as_deref(), lang).await
        }
        Verb::Review { period, format, output, reading } => {
            let errand = Errand::Review { period, format: format.into(), view: view(&reading, lang) };
            zone::ask(dir, errand, Vec::new(), output.as_deref(), lang).await
        }
        Verb::Dispatch { period, kind, format, output, reading } => {
            let errand = Errand::Dispatch { period, kind, format: format.into(), view: view(&reading, lang) };
            zone::ask(dir, errand, Vec::new(), Some(&output), lang).await
        }
        Verb::Circular { meeting, format, output, reading } => {
            let errand = Errand::Circular { meeting, format: format.into(), view: view(&reading, lang) };
            zone::ask(dir, errand, Vec::new(), Some(&output), lang).await
        }
        Verb::TaskTable { meeting, format, output, reading } => {
            let errand = Errand::TaskTable { meeting, format: format.into(), view: view(&reading, lang) };
            zone::ask(dir, errand, Vec::new(), Some(&output), lang).await
        }
        Verb::Issue { meeting, number, acting } => {
            let errand = Errand::Issue { meeting, number, user: acting.user, lang };
            zone::ask(dir, errand, Vec::new(), None, lang).await
        }
        Verb::Blueprint(verb) => match verb {
            BlueprintVerb::Check { folder } => blueprints::check(&folder, lang),
            BlueprintVerb::Apply { folder, because, dry_run, acting } => {
                let files = blueprints::read_folder(&folder)?;
                let errand = Errand::ApplyBlueprint { files, because, dry_run, user: acting.user, lang };
                zone::ask(dir, errand, Vec::new(), None, lang).await
            }
            BlueprintVerb::Show { output, reading } => {
                let errand = Errand::ShowBlueprint { files: output.is_some(), view: view(&reading, lang) };
                match output {
                    None => zone::ask(dir, errand, Vec::new(), None, lang).await,
                    Some(folder) => {
                        let answer = zone::answer(dir, errand, Vec::new()).await?;
                        blueprints::write_folder(&folder, &answer.bytes)
                    }
                }
            }
        },
        Verb::Play { stories } => match given {
            None => stories::play(&stories, lang),
            Some(dir) => stories::play_into(&dir, &stories, lang).await,
        },
        Verb::Verify { witness, format } => vault::verify(dir, witness, format, lang).await,
        Verb::Backup { file } => vault::backup(dir, &file, lang).await,
        Verb::Restore { file } => vault::restore(&file, dir, lang).await,
        Verb::Export { folder } => vault::export(dir, &folder, lang).await,
        Verb::User(verb) => match verb {
            UserVerb::Add { login, name, unit, post, roles, acting } => {
                let password = given_password();
                let errand = Errand::AddUser { login, name, unit, post, roles, password, user: acting.user, lang };
                zone::ask(dir, errand, Vec::new(), None, lang).await
            }
            UserVerb::Passwd { login, acting } => {
                let errand = Errand::ResetPassword { login, password: given_password(), user: acting.user, lang };
                zone::ask(dir, errand, Vec::new(), None, lang).await
            }
            UserVerb::List { format } => {
                let errand = Errand::ListUsers { json: format == Format::Json, lang };
                zone::ask(dir, errand, Vec::new(), None, lang).await
            }
        },
        Verb::Worker(WorkerVerb::Parse) => Err(Failure::usage(say(lang, "cli.worker", &[]))),
    }
}

/// A password handed over by the environment, never by an argument that others could list.
fn given_password() -> Option<String> {
    std::env::var("BATON_PASSWORD").ok().filter(|p| !p.is_empty())
}

fn view(reading: &Reading, lang: Lang) -> errands::View {
    errands::View { known: reading.known, user: reading.user.clone(), lang }
}
