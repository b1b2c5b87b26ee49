//! `baton play`: stories told on the command line, and the journal as ground for them.

use crate::answer::{EXIT_DATA, Failure, read};
use crate::errands::DOCX;
use crate::typesetter::SystemTypesetter;
use baton_kernel::commands::Act;
use baton_kernel::document::Document;
use baton_kernel::{Caller, FileRef, Refusal, Zone};
use baton_methods::Lang;
use baton_store::{Journal, Opening, Pen};
use baton_stories::{Commands, Ground, Memory};
use baton_web::Typesetter as _;
use jiff::Timestamp;
use std::path::{Path, PathBuf};
use std::sync::Arc;

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
                        format!(
                            "{} 个动作，{} 个查问，{} 处与预期不符",
                            played.acts,
                            played.questions,
                            played.differences.len()
                        ),
                        format!(
                            "{} acts, {} questions, {} differ",
                            played.acts,
                            played.questions,
                            played.differences.len()
                        ),
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

/// A pen as ground for stories: decided at once in memory, laid down in one durable commit.
pub struct PenGround<'a> {
    pen: Pen,
    commands: Commands,
    typesetter: &'a SystemTypesetter,
    trouble: Option<Failure>,
}

impl Ground for PenGround<'_> {
    fn submit(&mut self, caller: Caller, act: Act, at: Timestamp) -> Result<(), Refusal> {
        let command = self.commands.next(self.pen.zone().head().seq, act);
        self.pen.submit(caller, &command, at).map(|_| ())
    }

    fn zone(&self) -> Arc<Zone> {
        Arc::new(self.pen.zone().clone())
    }

    fn keep(&mut self, name: &str, media: &str, bytes: Vec<u8>) -> FileRef {
        let salt = self.commands.salt();
        match self.pen.put_file(Caller::Founder, name, media, salt, bytes) {
            Ok(file) => file,
            Err(error) => {
                self.trouble.get_or_insert(error.into());
                FileRef {
                    digest: baton_kernel::Digest::default(),
                    name: name.to_owned(),
                    media: media.to_owned(),
                    bytes: 0,
                }
            }
        }
    }

    fn set(&mut self, document: &Document) -> Vec<(String, String, Vec<u8>)> {
        let set =
            [("pdf", "application/pdf", self.typesetter.pdf(document)), ("docx", DOCX, self.typesetter.docx(document))];
        let mut forms = Vec::new();
        for (end, media, bytes) in set {
            match bytes {
                Ok(bytes) => forms.push((end.to_owned(), media.to_owned(), bytes)),
                Err(error) => drop(self.trouble.get_or_insert(error.into())),
            }
        }
        forms
    }
}

impl<'a> PenGround<'a> {
    /// A ground over a pen; keys and salts follow from the seed.
    pub fn new(pen: Pen, seed: &str, typesetter: &'a SystemTypesetter) -> PenGround<'a> {
        PenGround { pen, commands: Commands::new(seed), typesetter, trouble: None }
    }

    /// The pen, to be laid down; or what went wrong beside the story (a file, a font).
    pub fn pen(self) -> Result<Pen, Failure> {
        match self.trouble {
            Some(trouble) => Err(trouble),
            None => Ok(self.pen),
        }
    }
}

/// Plays story files into a folder: its zone must be simulated, or founded by the first story.
pub async fn play_into(dir: &Path, files: &[PathBuf], lang: Lang) -> Result<u8, Failure> {
    let typesetter = SystemTypesetter::default();
    for file in files {
        let name = file.display().to_string();
        let text = String::from_utf8_lossy(&read(file)?).into_owned();
        let story = match baton_stories::parse(&name, &text) {
            Ok(story) => story,
            Err(mistakes) => {
                tell(&mistakes, lang);
                return Ok(EXIT_DATA);
            }
        };
        let journal = Journal::open(dir, Opening::default()).await?;
        let done = lay(&journal, &story, &name, &typesetter, lang).await;
        journal.close().await;
        match done? {
            0 => {}
            failed => return Ok(failed),
        }
    }
    Ok(0)
}

async fn lay(
    journal: &Journal,
    story: &baton_stories::Story,
    name: &str,
    typesetter: &SystemTypesetter,
    lang: Lang,
) -> Result<u8, Failure> {
    let mut ground = PenGround::new(journal.pen()?, name, typesetter);
    match baton_stories::run(story, &mut ground) {
        Ok(played) => {
            journal.lay(ground.pen()?).await?;
            println!(
                "{name}: {}",
                lang.pick(format!("{} 个动作已入账", played.acts), format!("{} acts entered", played.acts))
            );
            Ok(0)
        }
        Err(mistake) => {
            tell(&[mistake], lang);
            Ok(EXIT_DATA)
        }
    }
}

fn tell(mistakes: &[baton_stories::Mistake], lang: Lang) {
    for m in mistakes {
        println!("{}:{}: {}", m.file, m.line, lang.pick(&m.zh, &m.en));
    }
}
