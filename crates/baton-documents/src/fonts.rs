//! Fonts: which faces an official paper wants, and which the machine has.
//!
//! GB/T 9704 asks for faces that are not free; none is shipped. Names are configuration, directories
//! are searched once, on first use, and what stood in for what is reported.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use anyhow::{Context as _, bail};
use resvg::usvg::fontdb;
use serde::Serialize;
use typst::foundations::Bytes;
use typst::text::Font;

/// Families to try for each face, best first; the first is the one that the standard names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontNames {
    /// 小标宋, for the red mark and titles.
    pub title: Vec<String>,
    /// 仿宋, for running text.
    pub body: Vec<String>,
    /// 楷体, for second headings and signers.
    pub kai: Vec<String>,
    /// 黑体, for first headings, table heads and drawings.
    pub hei: Vec<String>,
    /// 宋体, for page numbers.
    pub song: Vec<String>,
    /// Families asked last for any face, and for single characters that a chosen face lacks.
    pub last: Vec<String>,
}

impl Default for FontNames {
    fn default() -> FontNames {
        let names = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
        FontNames {
            title: names(&[
                "方正小标宋简体",
                "FZXiaoBiaoSong-B05S",
                "FZXiaoBiaoSong-B05",
                "方正小标宋_GBK",
                "华文中宋",
                "STZhongsong",
            ]),
            body: names(&[
                "仿宋_GB2312",
                "FangSong_GB2312",
                "仿宋",
                "FangSong",
                "华文仿宋",
                "STFangsong",
                "朱雀仿宋（预览测试版）",
                "Zhuque Fangsong (technical preview)",
            ]),
            kai: names(&[
                "楷体_GB2312",
                "KaiTi_GB2312",
                "楷体",
                "KaiTi",
                "华文楷体",
                "STKaiti",
                "霞鹜文楷",
                "LXGW WenKai",
                "LXGW WenKai GB",
            ]),
            hei: names(&[
                "黑体",
                "SimHei",
                "华文黑体",
                "STHeiti",
                "思源黑体",
                "Source Han Sans SC",
                "Noto Sans CJK SC",
                "Noto Sans SC",
            ]),
            song: names(&[
                "宋体",
                "SimSun",
                "华文宋体",
                "STSong",
                "思源宋体",
                "Source Han Serif SC",
                "Noto Serif CJK SC",
                "Noto Serif SC",
            ]),
            last: names(&[
                "Noto Serif CJK SC",
                "Source Han Serif SC",
                "思源宋体",
                "Noto Serif SC",
                "Noto Sans CJK SC",
                "Source Han Sans SC",
                "Noto Sans SC",
                "WenQuanYi Zen Hei",
                "WenQuanYi Micro Hei",
            ]),
        }
    }
}

/// Which family a paper wanted and which was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FontUse {
    /// The family that the standard names, e.g. `仿宋_GB2312`.
    pub wanted: String,
    /// The family found on this machine.
    pub used: String,
}

/// The faces of this machine, searched on first use and kept.
pub struct Fonts {
    dirs: Vec<PathBuf>,
    names: FontNames,
    found: OnceLock<Result<Found, String>>,
}

/// What a search found.
pub(crate) struct Found {
    /// Every chosen face, each once.
    pub(crate) faces: Vec<Font>,
    /// Chosen families, best first, for each of title, body, kai, hei, song.
    pub(crate) title: Vec<String>,
    pub(crate) body: Vec<String>,
    pub(crate) kai: Vec<String>,
    pub(crate) hei: Vec<String>,
    pub(crate) song: Vec<String>,
    /// What stood in for what.
    pub(crate) report: Vec<FontUse>,
    /// The same faces for pictures.
    pub(crate) pictures: Arc<fontdb::Database>,
}

impl Fonts {
    /// Fonts of the given directories, searched with everything below them on first use.
    ///
    /// Directories that do not exist are passed over.
    pub fn discover(dirs: impl IntoIterator<Item = PathBuf>) -> Fonts {
        Fonts::named(dirs, FontNames::default())
    }

    /// Fonts of the given directories by names of one's own.
    pub fn named(dirs: impl IntoIterator<Item = PathBuf>, names: FontNames) -> Fonts {
        Fonts { dirs: dirs.into_iter().collect(), names, found: OnceLock::new() }
    }

    /// Fonts of the usual directories of this machine.
    pub fn system() -> Fonts {
        let mut dirs: Vec<PathBuf> = [
            "/usr/share/fonts",
            "/usr/local/share/fonts",
            "/System/Library/Fonts",
            "/Library/Fonts",
            "C:\\Windows\\Fonts",
        ]
        .map(PathBuf::from)
        .to_vec();
        if let Some(home) = std::env::var_os("HOME") {
            let home = PathBuf::from(home);
            dirs.extend([home.join(".fonts"), home.join(".local/share/fonts"), home.join("Library/Fonts")]);
        }
        Fonts::discover(dirs)
    }

    /// What the standard wants and what this machine has, in the order 小标宋, 仿宋, 楷体, 黑体, 宋体.
    ///
    /// Errors: no directory holds a family with Chinese characters.
    pub fn report(&self) -> anyhow::Result<Vec<FontUse>> {
        Ok(self.found()?.report.clone())
    }

    /// Searches on first use.
    pub(crate) fn found(&self) -> anyhow::Result<&Found> {
        let found = self.found.get_or_init(|| search(&self.dirs, &self.names).map_err(|error| format!("{error:#}")));
        found.as_ref().map_err(|error| anyhow::anyhow!("{error}"))
    }
}

/// Reads the names of all faces below `dirs`, then the bytes of the chosen ones only.
fn search(dirs: &[PathBuf], names: &FontNames) -> anyhow::Result<Found> {
    let mut all = fontdb::Database::new();
    for dir in dirs {
        all.load_fonts_dir(dir);
    }
    let mut chosen = Chosen { all: &all, files: BTreeMap::new(), faces: Vec::new(), families: BTreeMap::new() };

    let mut report = Vec::new();
    let mut pick = |wish: &[String], weight: u16| -> anyhow::Result<Vec<String>> {
        let mut chain = Vec::new();
        for name in wish.iter().chain(&names.last) {
            // The best face of the wish, then one family that covers what it lacks.
            if chain.len() == 2 || (chain.len() == 1 && !names.last.contains(name)) {
                continue;
            }
            if let Some(family) = chosen.take(name, weight)?
                && !chain.contains(&family)
            {
                chain.push(family);
            }
        }
        match chain.first() {
            Some(used) => {
                report.push(FontUse { wanted: wish.first().cloned().unwrap_or_default(), used: used.clone() })
            }
            None => bail!(
                "没有找到中文字体：在 {dirs:?} 中既没有 {wish:?}，也没有 {last:?}。请安装其中一种（例如 Debian 软件包 fonts-noto-cjk），或在配置中写明字体目录。\nno Chinese font found: {dirs:?} holds neither {wish:?} nor {last:?}; install one of them (e.g. Debian package fonts-noto-cjk) or name the font directory in the configuration.",
                last = names.last
            ),
        }
        Ok(chain)
    };
    let title = pick(&names.title, 700)?;
    let body = pick(&names.body, 400)?;
    let kai = pick(&names.kai, 400)?;
    let hei = pick(&names.hei, 400)?;
    let song = pick(&names.song, 400)?;
    let faces = chosen.faces;

    let mut pictures = fontdb::Database::new();
    for bytes in chosen.files.into_values() {
        pictures.load_font_source(fontdb::Source::Binary(Arc::new(bytes)));
    }
    Ok(Found { faces, title, body, kai, hei, song, report, pictures: Arc::new(pictures) })
}

/// Faces chosen so far.
struct Chosen<'a> {
    all: &'a fontdb::Database,
    /// Bytes of each file read, shared by all its faces.
    files: BTreeMap<PathBuf, Bytes>,
    faces: Vec<Font>,
    /// Asked name and weight → the family as the typesetter calls it.
    families: BTreeMap<(String, u16), String>,
}

impl Chosen<'_> {
    /// Takes the upright face of a family nearest to `weight`; nothing when the family is not there.
    fn take(&mut self, name: &str, weight: u16) -> anyhow::Result<Option<String>> {
        if let Some(family) = self.families.get(&(name.to_owned(), weight)) {
            return Ok(Some(family.clone()));
        }
        let named = |face: &&fontdb::FaceInfo| {
            face.style == fontdb::Style::Normal && face.families.iter().any(|(family, _)| family == name)
        };
        let nearest = self.all.faces().filter(named).min_by_key(|face| (face.weight.0.abs_diff(weight), face.index));
        let Some(face) = nearest else { return Ok(None) };
        let (fontdb::Source::File(path) | fontdb::Source::SharedFile(path, _)) = &face.source else { return Ok(None) };
        let bytes = match self.files.get(path) {
            Some(bytes) => bytes.clone(),
            None => {
                let read = std::fs::read(path).with_context(|| format!("font file {}", path.display()))?;
                let bytes = Bytes::new(read);
                self.files.insert(path.clone(), bytes.clone());
                bytes
            }
        };
        let Some(font) = Font::new(bytes, face.index) else { return Ok(None) };
        let family = font.info().family.to_string();
        if !self.faces.contains(&font) {
            self.faces.push(font);
        }
        self.families.insert((name.to_owned(), weight), family.clone());
        Ok(Some(family))
    }
}
