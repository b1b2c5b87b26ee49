//! Blueprint folders: read, checked, written. A folder is a proposal; only the ledger says what is in force.

use crate::answer::{EXIT_DATA, EXIT_INPUT, Failure, write};
use baton_methods::Lang;
use std::collections::BTreeMap;
use std::path::Path;

/// The files of a folder by path below it: `.toml` files only, in order.
pub fn read_folder(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    fn walk(root: &Path, at: &Path, files: &mut BTreeMap<String, String>) -> std::io::Result<()> {
        for entry in std::fs::read_dir(at)? {
            let path = entry?.path();
            if path.is_dir() {
                walk(root, &path, files)?;
            } else if path.extension().is_some_and(|e| e == "toml") {
                let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.insert(name, std::fs::read_to_string(&path)?);
            }
        }
        Ok(())
    }
    let mut files = BTreeMap::new();
    walk(folder, folder, &mut files).map_err(|e| {
        let place = folder.display();
        Failure::words(
            EXIT_INPUT,
            format!("无法读取蓝图文件夹 {place}：{e}。请核对路径，文件须为 UTF-8 编码的 .toml"),
            format!("cannot read the blueprint folder {place}: {e}; check the path; files must be .toml in UTF-8"),
        )
    })?;
    if files.is_empty() {
        let place = folder.display();
        return Err(Failure::words(
            EXIT_INPUT,
            format!("{place} 中没有 .toml 文件"),
            format!("there is no .toml file in {place}"),
        ));
    }
    Ok(files)
}

/// A blueprint of the shelf by name, or a folder.
pub fn find(name: &str) -> Result<BTreeMap<String, String>, Failure> {
    match baton_stories::blueprint(name) {
        Some(files) => Ok(files),
        None => read_folder(Path::new(name)),
    }
}

/// `baton blueprint check`: every mistake with file, line and column; status 65 when there is one.
pub fn check(folder: &Path, lang: Lang) -> Result<u8, Failure> {
    let files = read_folder(folder)?;
    let (blueprint, found) = baton_kernel::blueprint::parse(&files);
    let lexicon: Vec<(&str, &str)> = blueprint.lexicon.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let mut count = found.len();
    for d in &found {
        println!("{}:{}:{}: [{}] {}", d.file, d.line, d.column, d.code, lang.pick(&d.zh, &d.en));
    }
    if let Err(mistakes) = baton_text::Lexicon::parse(&lexicon) {
        count += mistakes.len();
        for m in mistakes {
            println!("{}:{}:{}: {}", m.file, m.line, m.column, lang.pick(&m.message_zh, &m.message_en));
        }
    }
    if count > 0 {
        eprintln!("{}", lang.pick(format!("{count} 处错误"), format!("{count} mistakes")));
        return Ok(EXIT_DATA);
    }
    let items = blueprint.kinds.len();
    println!("{}", lang.pick(format!("没有错误：{items} 类事项"), format!("no mistakes: {items} kinds")));
    Ok(0)
}

/// Writes the files of a blueprint (JSON: path → text) into a folder.
pub fn write_folder(folder: &Path, json: &[u8]) -> Result<u8, Failure> {
    let files: BTreeMap<String, String> = serde_json::from_slice(json).map_err(|e| Failure::World(e.into()))?;
    for (path, text) in &files {
        write(&folder.join(path), text.as_bytes())?;
    }
    println!("{}", folder.display());
    Ok(0)
}
