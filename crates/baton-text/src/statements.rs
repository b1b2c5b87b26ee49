//! Statements: assessments that a speaker makes. They are claims with a speaker, never values.

use crate::extract::Statement;
use crate::lexicon::Lexicon;
use crate::reporting::reporting;
use crate::source::Source;

/// The assessments in sentences that a speaker or the meeting is reported with (指出, 认为).
pub(crate) fn find(source: &Source, lexicon: &Lexicon) -> Vec<Statement> {
    let mut found = Vec::new();
    for line in source.lines() {
        for sentence in source.sentences(line) {
            let Some(lead) = reporting(source, lexicon, sentence.clone()).filter(|lead| !lead.demand) else {
                continue;
            };
            for piece in source.split(lead.end..sentence.end, |c| matches!(c, '，' | '；' | '。' | '：')) {
                let piece = source.trimmed(piece);
                let text = source.text(piece.clone());
                let not = lexicon.not_statements.iter().any(|pattern| pattern.is_match(&text));
                if piece.len() >= 4 && !not && lexicon.predicates.iter().any(|pattern| pattern.is_match(&text)) {
                    found.push(Statement { text, offset: piece.start, speaker: lead.speaker.clone() });
                }
            }
        }
    }
    found
}
