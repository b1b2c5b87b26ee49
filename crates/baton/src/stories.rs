//! `baton play`: stories told on the command line, and the journal as ground for them.

use crate::answer::{EXIT_DATA, Failure, read};
use baton_methods::Lang;
use baton_stories::Memory;
use std::path::PathBuf;

/// Plays story files in memory; status 65 when one does not end as it says.
pub fn play(files: &[PathBuf], lang: Lang) -> Result<u8, Failure> {
    let mut failed = 0;
    for file in files {
        let name = file.display().to_string();
        let text = String::from_utf8_lossy(&read(file)?).into_owned();
        let outcome = baton_stories::parse(&name, &text).and_then(|story| {
            let mut ground = Memory::new(&name);
            baton_stories::run(&story, &mut ground).map_err(|mistake| vec![mistake])
        });
        match outcome {
            Ok(played) => {
                println!(
                    "{name}: {}",
                    lang.pick(
                        format!("{} 个动作，{} 个查问，{} 处与预期不符", played.acts, played.questions, played.differences.len()),
                        format!("{} acts, {} questions, {} differ", played.acts, played.questions, played.differences.len()),
                    )
                );
                failed += usize::from(!played.differences.is_empty());
                tell(&played.differences, lang);
            }
            Err(mistakes) => {
                failed += 1;
                tell(&mistakes, lang);
            }
        }
    }
    Ok(if failed > 0 { EXIT_DATA } else { 0 })
}

fn tell(mistakes: &[baton_stories::Mistake], lang: Lang) {
    for m in mistakes {
        println!("{}:{}: {}", m.file, m.line, lang.pick(&m.zh, &m.en));
    }
}
