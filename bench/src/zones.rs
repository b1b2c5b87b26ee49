//! Zones for measuring, built as people build them: by commands that `decide` turns into entries.

use anyhow::{Result, anyhow};
use baton_kernel::entries::Batch;
use baton_kernel::ids::{ItemId, RoundId, SubmissionId, UnitId};
use baton_kernel::{Act, Caller, Command, Digest, Zone, decide};
use baton_methods::Period;
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::collections::BTreeMap;
use std::path::Path;

/// A hand that writes into a zone in memory, at its own simulated clock.
pub struct Hand {
    /// The zone so far.
    pub zone: Zone,
    /// The time of the next command.
    pub now: Timestamp,
    count: u64,
}

impl Hand {
    /// A zone founded under a blueprint, on a day, and what that entered.
    pub fn found(files: BTreeMap<String, String>, on: Date) -> Result<(Hand, Batch)> {
        let mut hand = Hand { zone: Zone::empty(), now: morning(on)?, count: 0 };
        let batch = hand.act(founding(files))?;
        Ok((hand, batch))
    }

    /// Ids that look drawn by chance and are the same in every run.
    pub fn id(&mut self) -> u128 {
        self.count += 1;
        scattered(self.count)
    }

    /// Moves the clock to the morning of a day.
    pub fn on(&mut self, day: Date) -> Result<()> {
        self.now = self.now.max(morning(day)?);
        Ok(())
    }

    /// Carries out an act; what it entered.
    pub fn act(&mut self, act: Act) -> Result<Batch> {
        self.count += 1;
        let command = command(self.count, act);
        self.now += SignedDuration::from_millis(10);
        let batch = decide(&self.zone, Caller::Founder, &command, self.now).map_err(|refusal| anyhow!("{refusal}"))?;
        self.zone.apply_batch(&batch);
        Ok(batch)
    }
}

/// The act that founds a simulated zone.
pub fn founding(files: BTreeMap<String, String>) -> Act {
    Act::Found {
        name: "试验区".into(),
        name_en: "Test zone".into(),
        code: "TEST".into(),
        time_zone: "Asia/Shanghai".into(),
        simulated: true,
        invented: true,
        files,
        because: "性能测量".into(),
    }
}

/// A command of the founder with its own key and salt.
pub fn command(n: u64, act: Act) -> Command {
    Command { key: format!("k{n}"), base: 0, salt: scattered(n ^ (1 << 60)).to_be_bytes(), act }
}

/// The n-th of a fixed series of scattered identities.
pub fn scattered(n: u64) -> u128 {
    let digest = Digest::of(&n.to_be_bytes()).0;
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(bytes)
}

/// Nine o'clock of a day in Shanghai.
pub fn morning(day: Date) -> Result<Timestamp> {
    let zone = TimeZone::get("Asia/Shanghai")?;
    Ok(day.at(9, 0, 0, 0).to_zoned_datetime(zone)?.timestamp())
}

/// The root of the tree and `count` towns under it.
pub fn units(ids: &mut dyn FnMut() -> u128, count: usize) -> (Vec<Act>, Vec<UnitId>) {
    let put =
        |unit: UnitId, code: String, name: String, kind: &str, parent: Option<UnitId>, order: usize| Act::PutUnit {
            unit,
            code,
            short: name.clone(),
            name,
            kind: kind.into(),
            parent,
            order: order as u32,
            aliases: Vec::new(),
            duties: Vec::new(),
            from: None,
            to: None,
        };
    let root = UnitId(ids());
    let mut acts = vec![put(root, "root".into(), "试验区".into(), "zone", None, 0)];
    let mut towns = Vec::new();
    for n in 0..count {
        let town = UnitId(ids());
        acts.push(put(town, format!("T{n:02}"), format!("第{n}镇"), "town", Some(root), n + 1));
        towns.push(town);
    }
    (acts, towns)
}

/// An item of a kind, led by a unit.
pub fn item(item: ItemId, kind: &str, n: usize, lead: UnitId, stage: Option<&str>, since: Date) -> Act {
    Act::MakeItem {
        item,
        kind: kind.into(),
        code: format!("R{n:06}"),
        name: format!("第{n}号项目"),
        lead,
        co: Vec::new(),
        parent: None,
        fields: BTreeMap::new(),
        stage: stage.map(|s| (s.to_owned(), since)),
    }
}

/// A round for a month, open from its last day for a fortnight.
pub fn round(round: RoundId, kind: &str, period: Period, units: &[UnitId]) -> Act {
    let opens = period.end();
    let due = opens.saturating_add(jiff::Span::new().days(7));
    Act::OpenRound {
        round,
        title: "月度调度".into(),
        period,
        kinds: vec![kind.into()],
        units: units.to_vec(),
        opens,
        due,
        closes: due.saturating_add(jiff::Span::new().days(14)),
        basis: None,
    }
}

/// A submission of a unit.
pub fn report(
    submission: SubmissionId,
    round: RoundId,
    unit: UnitId,
    figures: Vec<baton_kernel::commands::FigureGiven>,
    because: &str,
) -> Act {
    Act::Report {
        submission,
        round: Some(round),
        unit,
        submit: true,
        figures,
        fields: Vec::new(),
        because: because.into(),
        evidence: Vec::new(),
    }
}

/// The months of two years.
pub fn months() -> Vec<Period> {
    let month = |n: i16| Period::month(2022 + n / 12, (n % 12 + 1) as u8).expect("a month");
    (0..24).map(month).collect()
}

/// The day before the first month.
pub fn start() -> Date {
    date(2021, 12, 1)
}

/// The files of a blueprint folder, path below it → text.
pub fn blueprint(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at)?.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
                files.insert(name, std::fs::read_to_string(&path)?);
            }
        }
    }
    Ok(files)
}
