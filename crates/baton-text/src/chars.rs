//! Characters: which are Chinese, which are marks, which are figures.

/// Is it a Chinese character (also 〇)?
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{323af}' | '\u{f900}'..='\u{faff}' | '〇')
}

/// Is it a mark of Chinese print?
pub(crate) fn is_mark(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '？'
            | '！'
            | '“'
            | '”'
            | '‘'
            | '’'
            | '《'
            | '》'
            | '〈'
            | '〉'
            | '（'
            | '）'
            | '〔'
            | '〕'
            | '【'
            | '】'
            | '「'
            | '」'
            | '『'
            | '』'
            | '…'
            | '—'
    )
}

/// Is it a mark that ends a part of a sentence: ，。、；：？！?
pub(crate) fn is_stop(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '？' | '！')
}

/// Chinese character or mark of Chinese print.
pub(crate) fn is_chinese(c: char) -> bool {
    is_han(c) || is_mark(c)
}

/// Value of a Chinese numeral, as 三 or 〇; none for other characters.
pub(crate) fn numeral(c: char) -> Option<u64> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// Value of a whole number in Chinese characters, as 十二, 一百零五, 二○○一; none when it is not one.
pub(crate) fn number(text: &str) -> Option<u64> {
    let chars: Vec<char> = text.chars().collect();
    if chars.is_empty() || chars.len() > 12 {
        return None;
    }
    if chars.iter().all(|&c| numeral(c).is_some()) {
        return chars.iter().try_fold(0u64, |sum, &c| Some(sum * 10 + numeral(c)?));
    }
    let (mut sum, mut digit) = (0u64, None);
    for c in chars {
        let power = match c {
            '十' | '拾' => 10,
            '百' | '佰' => 100,
            '千' | '仟' => 1000,
            _ => {
                digit = Some(numeral(c)?);
                continue;
            }
        };
        sum += digit.take().unwrap_or(1) * power;
    }
    Some(sum + digit.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn chinese_numbers_are_read_as_written() {
        for (text, value) in
            [("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("二〇〇一", 2001), ("三千", 3000), ("两", 2)]
        {
            assert_eq!(number(text), Some(value), "{text}");
        }
        assert_eq!(number("一批"), None);
        assert_eq!(number(""), None);
    }
}
