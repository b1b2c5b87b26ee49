//! Numbering: 一、, （二）, 3., 一是 at the start of a line or a part.

/// The numbering at the start of a line: (its level, its length).
pub(crate) fn numbering(line: &[char]) -> (Option<usize>, usize) {
    let numerals = |from: usize| line[from..].iter().take_while(|c| "一二三四五六七八九十".contains(**c)).count();
    let digits = |from: usize| line[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let han = numerals(0);
    if (1..=3).contains(&han) && matches!(line.get(han), Some('、' | '.' | '．')) {
        return (Some(1), han + 1);
    }
    if matches!(line.first(), Some('（' | '(')) {
        let inner = numerals(1);
        if (1..=3).contains(&inner) && matches!(line.get(1 + inner), Some('）' | ')')) {
            return (Some(2), inner + 2 + usize::from(matches!(line.get(inner + 2), Some('、' | '.'))));
        }
        let inner = digits(1);
        if (1..=2).contains(&inner) && matches!(line.get(1 + inner), Some('）' | ')')) {
            return (Some(4), inner + 2);
        }
    }
    let arabic = digits(0);
    if (1..=2).contains(&arabic)
        && matches!(line.get(arabic), Some('、' | '.' | '．'))
        && !line.get(arabic + 1).is_some_and(|c| c.is_ascii_digit())
    {
        return (Some(3), arabic + 1);
    }
    if matches!(line.first(), Some('①'..='⑳')) {
        return (Some(5), 1);
    }
    let inline = inline_number(line, 0);
    if inline > 0 { (Some(6), inline) } else { (None, 0) }
}

/// The figure and the mark that begin a line: (2, 2) of 2.48小时内.
pub(crate) fn plain_number(line: &[char]) -> Option<(u32, usize)> {
    let digits = line.iter().take_while(|c| c.is_ascii_digit()).count();
    if !(1..=2).contains(&digits) || !matches!(line.get(digits), Some('、' | '.' | '．')) {
        return None;
    }
    let number = line[..digits].iter().filter_map(|c| c.to_digit(10)).fold(0, |number, digit| number * 10 + digit);
    Some((number, digits + 1))
}

/// The length of an inline number at `at`: 一是, 第一，, 其一，; 一要 counts 一 only.
pub(crate) fn inline_number(chars: &[char], at: usize) -> usize {
    let rest = &chars[at.min(chars.len())..];
    let numeral = |i: usize| rest.get(i).is_some_and(|c| "一二三四五六七八九十".contains(*c));
    if rest.first() == Some(&'第') && numeral(1) && matches!(rest.get(2), Some('，' | '、' | '：')) {
        return 3;
    }
    let long = (0..2).take_while(|&i| numeral(i)).count();
    match rest.get(long) {
        Some('是') if long > 0 => {
            if matches!(rest.get(long + 1), Some('：' | '，')) {
                long + 2
            } else {
                long + 1
            }
        }
        Some('要') if long == 1 && !matches!(rest.get(2), Some('素' | '求' | '点')) => 1,
        _ => 0,
    }
}
