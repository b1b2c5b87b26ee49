//! Bounds of the rules on conduct and burden (八项规定, 减负): numbers and words that a zone may set for itself.

use super::reader::Reader;

/// Bounds of the rules. The defaults are those of the published rules.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// Comprehensive work meetings a year.
    pub comprehensive_a_year: u32,
    /// Minutes of one speech or report.
    pub speech_minutes: u16,
    /// Minutes of a meeting: half a day.
    pub meeting_minutes: u16,
    /// People at a meeting, over all venues.
    pub meeting_people: u32,
    /// Characters of a paper on a special topic, and of a comprehensive one.
    pub paper_characters: [u32; 2],
    /// Cells that one round may ask of one unit.
    pub unit_cells: u32,
    /// Words that ask for reports on how a paper is carried out, or for papers to go with it.
    pub report_back_words: Vec<String>,
    /// Words of rankings, vetoes and pledges.
    pub ranking_words: Vec<String>,
    /// Words of traces that are no evidence of work.
    pub trace_words: Vec<String>,
}

impl Default for Bounds {
    fn default() -> Bounds {
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect();
        Bounds {
            comprehensive_a_year: 1,
            speech_minutes: 60,
            meeting_minutes: 240,
            meeting_people: 300,
            paper_characters: [4_000, 5_000],
            unit_cells: 400,
            report_back_words: words(&["贯彻落实情况报", "报送贯彻落实", "制定配套文件", "出台配套文件"]),
            ranking_words: words(&["排名通报", "末位", "倒数", "一票否决", "责任状", "红黄牌"]),
            trace_words: words(&["批示", "媒体报道", "简报期数", "会议次数", "发文数", "照片", "截图", "留痕"]),
        }
    }
}

impl Bounds {
    /// Takes what `[settings.bounds]` says; the rest stays as it was.
    pub(super) fn read(&mut self, table: &Reader<'_>) {
        let mut whole = |key: &'static str, max: i64, to: &mut dyn FnMut(&mut Bounds, u32)| {
            if let Some(n) = table.whole(key, 0, max) {
                to(self, u32::try_from(n).unwrap_or(0));
            }
        };
        whole("comprehensive_a_year", 52, &mut |b, n| b.comprehensive_a_year = n);
        whole("speech_minutes", 240, &mut |b, n| b.speech_minutes = n as u16);
        whole("meeting_minutes", 1_440, &mut |b, n| b.meeting_minutes = n as u16);
        whole("meeting_people", 100_000, &mut |b, n| b.meeting_people = n);
        whole("special_characters", 100_000, &mut |b, n| b.paper_characters[0] = n);
        whole("comprehensive_characters", 100_000, &mut |b, n| b.paper_characters[1] = n);
        whole("unit_cells", 100_000, &mut |b, n| b.unit_cells = n);
        for (key, to) in [
            ("report_back_words", &mut self.report_back_words),
            ("ranking_words", &mut self.ranking_words),
            ("trace_words", &mut self.trace_words),
        ] {
            let words = table.texts(key);
            if !words.is_empty() {
                *to = words;
            }
        }
        table.finish();
    }
}
