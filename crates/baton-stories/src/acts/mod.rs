//! Statements: what each verb asks for, as an act.

mod figures;
mod items;
mod meetings;
pub(crate) mod papers;
mod tasks;
mod units;

use crate::mistakes::Wrong;
use crate::play::Stage;
use crate::reading::Reading;
use crate::script::Line;
use baton_kernel::FileRef;
use baton_kernel::commands::Act;

/// Every verb with its shape, for messages and for the reference.
pub const VERBS: &[(&str, &str)] = &[
    ("zone", "zone BLUEPRINT [day D] [name N] [en N] [code C] [time-zone Z] [simulated|real-clock] [invented]"),
    ("apply", "apply blueprint [NAME] because R   (under it: file PATH, its text further in; drop PATH)"),
    ("unit", "unit CODE NAME KIND [under CODE] [order N] [short S] [duties A,B] [aliases A,B] [from D] [to D]"),
    ("post", "post HANDLE TITLE of UNIT [from D] [to D]"),
    ("person", "person HANDLE NAME"),
    ("hold", "hold post HANDLE PERSON [as holder|deputy|cover] [from D] [to D]; hold meeting CODE"),
    ("grant", "grant HANDLE ROLE to post|person HANDLE over all|below A,B|units A,B"),
    ("revoke", "revoke HANDLE"),
    ("staff", "staff UNIT ROLE NAME [title T] [over all|below A|units A] [handle H] [from D]"),
    ("erase", "erase DIGEST,… basis TEXT"),
    ("item", "item KIND CODE NAME lead UNIT [co A,B] [parent CODE] [stage S] [since D]   (under it: FIELD VALUE)"),
    ("change", "change CODE [name N] [lead U] [co A,B] [because R]   (under it: FIELD VALUE)"),
    ("stage", "stage CODE STAGE [on D] [because R] [evidence F,G]"),
    ("drop", "drop CODE because R"),
    ("split", "split CODE into A,B because R"),
    ("merge", "merge unit CODE into CODE [on D] because R; merge item CODE into CODE because R"),
    ("link", "link CODE LINK CODE [because R]"),
    ("unlink", "unlink CODE LINK CODE because R"),
    ("raise", "raise HANDLE on CODE TEXT [evidence F,G]"),
    ("settle", "settle HANDLE on CODE because R [evidence F,G]"),
    ("open", "open round HANDLE PERIOD kinds A,B units A,B|territorial opens D due D closes D [title T] [basis B]"),
    ("reopen", "reopen round HANDLE closes D because R"),
    ("propose", "propose CELL … or propose PERIOD with cells under it [round H] [because R] [evidence F,G]"),
    ("submit", "submit CELL …, as propose, by the unit's checker"),
    ("correct", "correct CELL because R [evidence F,G]"),
    ("withhold", "withhold [KIND] CODE MEASURE PERIOD because R"),
    ("confirm", "confirm UNIT PERIOD|HANDLE"),
    ("accept", "accept UNIT PERIOD|HANDLE"),
    ("return", "return UNIT PERIOD|HANDLE because R"),
    ("recall", "recall UNIT PERIOD|HANDLE"),
    (
        "target",
        "target CODE MEASURE YEAR VALUE [curve linear|KEY] [quarters a/b/c/d] [months a/…/l] [basis B] [because R]",
    ),
    ("plan", "plan meeting CODE TITLE period P on D place T [chair POST]   (under it: agenda …, venue …)"),
    ("notify", "notify meeting CODE"),
    ("seal", "seal meeting CODE"),
    ("call-off", "call-off meeting CODE because R"),
    ("roll", "roll CODE VENUE present N | absent"),
    ("outcome", "outcome CODE LINE information|decision|task TEXT"),
    ("speech", "speech CODE HANDLE TITLE   (under it: the text, one paragraph a line)"),
    (
        "assign",
        "assign CODE TITLE lead U [assist A,B] [due D] [words W] said TEXT from meeting M|speech H|item C|document N|instruction [aim T] [area K] [items A,B]",
    ),
    ("acknowledge", "acknowledge TASK"),
    ("object", "object TASK because R"),
    ("decide-objection", "decide-objection TASK of UNIT [to UNIT] because R"),
    ("feed", "feed TASK TEXT [final] [evidence F,G]"),
    ("send-back", "send-back TASK because R"),
    ("ask-extension", "ask-extension TASK D because R"),
    ("decide-extension", "decide-extension TASK granted|refused [until D] [because R]"),
    ("urge", "urge TASK TEXT"),
    ("suspend", "suspend TASK because R"),
    ("resume", "resume TASK"),
    ("complete", "complete TASK [because R]"),
    ("close", "close TASK [because R]"),
    ("cancel", "cancel TASK because R"),
    ("issue", "issue circular MEETING [number N]"),
];

/// The act that a statement asks for.
pub(crate) fn act(stage: &mut Stage<'_>, reading: &mut Reading<'_>, line: &Line) -> Result<Act, Wrong> {
    let verb = reading.word("动词", "a verb")?;
    let act = match verb {
        "zone" | "apply" | "unit" | "post" | "person" | "grant" | "revoke" | "staff" | "erase" => {
            units::act(stage, verb, reading, line)
        }
        "hold" if reading.is("meeting") => meetings::act(stage, verb, reading, line),
        "hold" => units::act(stage, verb, reading, line),
        "merge" if reading.is("unit") => units::act(stage, verb, reading, line),
        "item" | "change" | "stage" | "drop" | "split" | "merge" | "link" | "unlink" | "raise" | "settle" => {
            items::act(stage, verb, reading, line)
        }
        "open" | "reopen" | "propose" | "submit" | "correct" | "withhold" | "confirm" | "accept" | "return"
        | "recall" | "target" => figures::act(stage, verb, reading, line),
        "plan" | "notify" | "seal" | "call-off" | "roll" | "outcome" | "speech" => {
            meetings::act(stage, verb, reading, line)
        }
        "assign" | "acknowledge" | "object" | "decide-objection" | "feed" | "send-back" | "ask-extension"
        | "decide-extension" | "urge" | "suspend" | "resume" | "complete" | "close" | "cancel" => {
            tasks::act(stage, verb, reading)
        }
        other => {
            let known: Vec<&str> = VERBS.iter().map(|(verb, _)| *verb).collect();
            let known = known.join(" ");
            return Err(Wrong::new(
                format!("不认识动词“{other}”，可用：{known}"),
                format!("“{other}” is no verb; known: {known}"),
            ));
        }
    };
    let shape = VERBS.iter().find(|(known, _)| *known == verb).map_or("", |(_, shape)| *shape);
    act.map_err(|wrong| Wrong::new(format!("{}。写法：{shape}", wrong.zh), format!("{}. Write: {shape}", wrong.en)))
}

/// Files named in a story: small texts that say what they stand for.
fn evidence(stage: &mut Stage<'_>, names: &[String]) -> Vec<FileRef> {
    names
        .iter()
        .map(|name| {
            let media = match name.rsplit('.').next() {
                Some("pdf") => "application/pdf",
                Some("jpg") => "image/jpeg",
                Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                _ => "text/plain",
            };
            stage.ground.keep(name, media, format!("故事中的佐证材料 / evidence in a story: {name}\n").into_bytes())
        })
        .collect()
}
