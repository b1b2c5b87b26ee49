//! Words: a set of words, found by longest match at a place.

use std::collections::BTreeMap;

/// A set of words, each with what is known of it.
#[derive(Clone, Debug)]
pub(crate) struct Words<T = ()> {
    by_first: BTreeMap<char, Vec<(Vec<char>, T)>>,
    /// Characters of the longest word.
    longest: usize,
}

impl<T> Default for Words<T> {
    fn default() -> Self {
        Words { by_first: BTreeMap::new(), longest: 0 }
    }
}

impl<T: Clone> Words<T> {
    /// Adds the words of a list parted by blanks.
    pub fn add(&mut self, list: &str, what: T) {
        for word in list.split_whitespace() {
            let chars: Vec<char> = word.chars().collect();
            self.longest = self.longest.max(chars.len());
            let shelf = self.by_first.entry(chars[0]).or_default();
            let at = shelf.partition_point(|(other, _)| other.len() >= chars.len());
            shelf.insert(at, (chars, what.clone()));
        }
    }

    /// The longest word that begins at `at`: (length, what is known of it). Of equal words the one added first.
    pub fn at(&self, chars: &[char], at: usize) -> Option<(usize, &T)> {
        let rest = chars.get(at..)?;
        let shelf = self.by_first.get(rest.first()?)?;
        shelf.iter().find(|(word, _)| rest.starts_with(word)).map(|(word, what)| (word.len(), what))
    }

    /// Every word that begins at `at`, longest first.
    pub fn all_at<'a>(&'a self, chars: &'a [char], at: usize) -> impl Iterator<Item = (usize, &'a T)> {
        let rest = chars.get(at..).unwrap_or_default();
        let shelf = rest.first().and_then(|first| self.by_first.get(first));
        shelf
            .into_iter()
            .flatten()
            .filter(move |(word, _)| rest.starts_with(word))
            .map(|(word, what)| (word.len(), what))
    }

    /// Is `chars` one of the words?
    pub fn has(&self, chars: &[char]) -> bool {
        self.get(chars).is_some()
    }

    /// What is known of the word `chars`.
    pub fn get(&self, chars: &[char]) -> Option<&T> {
        let shelf = self.by_first.get(chars.first()?)?;
        shelf.iter().find(|(word, _)| word == chars).map(|(_, what)| what)
    }

    /// The longest word that `chars` ends with: its length.
    pub fn ending(&self, chars: &[char]) -> Option<usize> {
        (chars.len().saturating_sub(self.longest)..chars.len())
            .find(|&from| self.has(&chars[from..]))
            .map(|from| chars.len() - from)
    }

    /// The first place at or after `from` where a word begins: (place, length, what).
    pub fn first_in<'a>(&'a self, chars: &[char], from: usize) -> Option<(usize, usize, &'a T)> {
        (from..chars.len()).find_map(|at| self.at(chars, at).map(|(length, what)| (at, length, what)))
    }

    /// Does any of the words occur?
    pub fn occurs(&self, chars: &[char]) -> bool {
        self.first_in(chars, 0).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn the_longest_word_wins() {
        let mut words = Words::default();
        words.add("推进 推 推进会", ());
        let chars: Vec<char> = "推进会议".chars().collect();
        assert_eq!(words.at(&chars, 0).map(|(length, _)| length), Some(3));
        assert_eq!(words.all_at(&chars, 0).map(|(length, _)| length).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(words.at(&chars, 1), None);
    }
}
