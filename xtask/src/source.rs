//! Sources: a Rust file as a flat list of tokens with lines, without comments, doc comments and tests.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// What a token is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// A name or keyword.
    Word(String),
    /// A text literal, unescaped.
    Text(String),
    /// Another literal, as written.
    Other(String),
    /// A sign, or the bracket that opens or closes a group.
    Sign(char),
}

/// A token and its line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// What it is.
    pub what: What,
    /// Line from 1.
    pub line: usize,
}

impl Token {
    /// The name, when it is one.
    pub fn word(&self) -> Option<&str> {
        match &self.what {
            What::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The text, when it is a text literal.
    pub fn text(&self) -> Option<&str> {
        match &self.what {
            What::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is the sign.
    pub fn is(&self, sign: char) -> bool {
        self.what == What::Sign(sign)
    }
}

/// A Rust file.
pub struct Source {
    /// Path from the root of the repository.
    pub path: String,
    /// Its tokens in order.
    pub tokens: Vec<Token>,
}

impl Source {
    /// Reads a file. `#[cfg(test)]` items and `#[test]` functions are left out.
    ///
    /// Panics, naming the file, when it is not Rust.
    pub fn read(path: &str, text: &str) -> Source {
        let stream: TokenStream = text.parse().unwrap_or_else(|e| panic!("{path}: {e}"));
        let mut tokens = Vec::new();
        flatten(stream, &mut tokens);
        Source { path: path.to_owned(), tokens }
    }

    /// Places of a sequence written as one would write it in Rust: `std::fs`, `Sealed::of(`, `println!`.
    pub fn places<'a>(&'a self, written: &str) -> impl Iterator<Item = usize> + 'a {
        let mut wanted = Vec::new();
        let mut word = String::new();
        for c in written.chars().chain([' ']) {
            if c.is_alphanumeric() || c == '_' {
                word.push(c);
                continue;
            }
            if !word.is_empty() {
                wanted.push(What::Word(std::mem::take(&mut word)));
            }
            if c != ' ' {
                wanted.push(What::Sign(c));
            }
        }
        let length = wanted.len();
        (0..self.tokens.len().saturating_sub(length - 1))
            .filter(move |at| wanted.iter().zip(&self.tokens[*at..]).all(|(what, token)| token.what == *what))
    }

    /// Index just after the group that opens at `open`.
    pub fn after_group(&self, open: usize) -> usize {
        let mut depth = 0usize;
        for (at, token) in self.tokens.iter().enumerate().skip(open) {
            match token.what {
                What::Sign('(' | '[' | '{') => depth += 1,
                What::Sign(')' | ']' | '}') => {
                    depth -= 1;
                    if depth == 0 {
                        return at + 1;
                    }
                }
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// The arguments of a call whose bracket opens at `open`, as ranges of tokens.
    pub fn arguments(&self, open: usize) -> Vec<std::ops::Range<usize>> {
        let end = self.after_group(open) - 1;
        let mut list = Vec::new();
        let (mut from, mut at) = (open + 1, open + 1);
        while at < end {
            match self.tokens[at].what {
                What::Sign('(' | '[' | '{') => at = self.after_group(at),
                What::Sign(',') => {
                    list.push(from..at);
                    at += 1;
                    from = at;
                }
                _ => at += 1,
            }
        }
        if from < end {
            list.push(from..end);
        }
        list
    }
}

fn flatten(stream: TokenStream, out: &mut Vec<Token>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while at < trees.len() {
        if let Some((inside, after)) = attribute(&trees, at) {
            if is_test(&inside) {
                at = after_item(&trees, after);
                continue;
            }
            if inside.first().is_some_and(|t| t.to_string() == "doc") {
                at = after;
                continue;
            }
        }
        let line = trees[at].span().start().line;
        match &trees[at] {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ('(', ')'),
                    Delimiter::Bracket => ('[', ']'),
                    Delimiter::Brace => ('{', '}'),
                    Delimiter::None => (' ', ' '),
                };
                out.push(Token { what: What::Sign(open), line });
                flatten(group.stream(), out);
                out.push(Token { what: What::Sign(close), line: group.span_close().start().line });
            }
            TokenTree::Ident(word) => out.push(Token { what: What::Word(word.to_string()), line }),
            TokenTree::Punct(sign) => out.push(Token { what: What::Sign(sign.as_char()), line }),
            TokenTree::Literal(literal) => {
                let written = literal.to_string();
                let what = unescaped(&written).map_or(What::Other(written), What::Text);
                out.push(Token { what, line });
            }
        }
        at += 1;
    }
}

/// The tokens inside an attribute that stands at `at`, and the place after it.
fn attribute(trees: &[TokenTree], at: usize) -> Option<(Vec<TokenTree>, usize)> {
    let sign = |tree: Option<&TokenTree>, c: char| matches!(tree, Some(TokenTree::Punct(p)) if p.as_char() == c);
    if !sign(trees.get(at), '#') {
        return None;
    }
    let open = if sign(trees.get(at + 1), '!') { at + 2 } else { at + 1 };
    match trees.get(open) {
        Some(TokenTree::Group(g)) if g.delimiter() == Delimiter::Bracket => {
            Some((g.stream().into_iter().collect(), open + 1))
        }
        _ => None,
    }
}

fn is_test(inside: &[TokenTree]) -> bool {
    match inside {
        [TokenTree::Ident(word)] => word == "test",
        [TokenTree::Ident(word), TokenTree::Group(group)] if word == "cfg" => {
            let words: Vec<String> = group.stream().into_iter().map(|t| t.to_string()).collect();
            words.first().is_some_and(|first| first == "test")
        }
        _ => false,
    }
}

/// The place after the item that begins at `at`, further attributes included.
fn after_item(trees: &[TokenTree], mut at: usize) -> usize {
    while let Some((_, after)) = attribute(trees, at) {
        at = after;
    }
    let import = matches!(trees.get(at), Some(TokenTree::Ident(word)) if word == "use");
    for (n, tree) in trees.iter().enumerate().skip(at) {
        match tree {
            TokenTree::Punct(p) if p.as_char() == ';' => return n + 1,
            TokenTree::Group(g) if g.delimiter() == Delimiter::Brace && !import => return n + 1,
            _ => {}
        }
    }
    trees.len()
}

/// The text of a text literal; `None` for other literals.
fn unescaped(written: &str) -> Option<String> {
    let written = written.strip_prefix('b').unwrap_or(written);
    if let Some(raw) = written.strip_prefix('r') {
        let raw = raw.trim_matches('#');
        return Some(raw.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    }
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            '0' => out.push('\0'),
            'x' => {
                let code: String = chars.by_ref().take(2).collect();
                out.push(char::from(u8::from_str_radix(&code, 16).ok()?));
            }
            'u' => {
                let code: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                out.push(char::from_u32(u32::from_str_radix(&code.replace('_', ""), 16).ok()?)?);
            }
            '\n' => {
                while chars.peek().is_some_and(|c| c.is_whitespace()) {
                    chars.next();
                }
            }
            same => out.push(same),
        }
    }
    Some(out)
}
