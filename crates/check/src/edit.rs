//! Changes of a text that do not overlap, each a range of the original's bytes and what takes its place.
//!
//! Rules add changes in any order while they walk a tree, whose positions stay those of the original. A rule that
//! replaces an expression as a whole asks for the text of its parts with [`Edits::rendered`], which has in it what
//! inner rules made of them, and puts its own text over them with [`Edits::absorb`]. What no change covers comes out
//! byte for byte.
//!
//! Texts are strings. A source that is no UTF-8 is read as Latin-1 for that, where every byte is a character, and
//! written back the same way.

use std::collections::BTreeMap;
use std::ops::Range;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The bytes of the original that are replaced; empty for an insertion.
    pub range: Range<usize>,
    /// What takes their place.
    pub text: String,
    /// The rule that asked for it.
    pub rule: &'static str,
}

/// The changes of one text.
#[derive(Clone, Debug)]
pub struct Edits<'s> {
    original: &'s [u8],
    utf8: bool,
    /// In order, and apart from each other; insertions at one byte are in the order in which they came.
    edits: Vec<Edit>,
    /// The rules of changes that became part of a larger one.
    absorbed: Vec<&'static str>,
}

impl<'s> Edits<'s> {
    /// No changes of a text.
    pub fn new(original: &'s [u8]) -> Self {
        Self {
            original,
            utf8: std::str::from_utf8(original).is_ok(),
            edits: Vec::new(),
            absorbed: Vec::new(),
        }
    }

    /// The text that is changed.
    pub fn original(&self) -> &'s [u8] {
        self.original
    }

    /// Replaces a range. Gives false, and changes nothing, if it overlaps an earlier change, lies outside the text
    /// or cuts a character.
    pub fn replace(
        &mut self,
        range: Range<usize>,
        text: impl Into<String>,
        rule: &'static str,
    ) -> bool {
        let text = text.into();
        if !self.is_valid(&range) || !self.can_hold(&text) {
            return false;
        }
        // An insertion at the edge of a replacement overlaps nothing.
        let overlaps = |edit: &Edit| match range.is_empty() {
            true => edit.range.start < range.start && range.start < edit.range.end,
            false => match edit.range.is_empty() {
                true => range.start < edit.range.start && edit.range.start < range.end,
                false => edit.range.start < range.end && range.start < edit.range.end,
            },
        };
        if self.edits.iter().any(overlaps) {
            return false;
        }
        let key = |range: &Range<usize>| (range.start, range.end);
        let at = self
            .edits
            .partition_point(|edit| key(&edit.range) <= key(&range));
        self.edits.insert(at, Edit { range, text, rule });
        true
    }

    /// Inserts before a byte; as [`Edits::replace`] otherwise.
    pub fn insert(&mut self, at: usize, text: impl Into<String>, rule: &'static str) -> bool {
        self.replace(at..at, text, rule)
    }

    /// Replaces a range whose inner changes are part of the new text, as [`Edits::rendered`] gave them. Gives false,
    /// and changes nothing, if a change lies across an end of the range.
    pub fn absorb(
        &mut self,
        range: Range<usize>,
        text: impl Into<String>,
        rule: &'static str,
    ) -> bool {
        let text = text.into();
        let kept = self.edits.clone();
        let inside = |edit: &Edit| is_inside(&edit.range, &range);
        let inner: Vec<&'static str> = self
            .edits
            .iter()
            .filter(|edit| inside(edit))
            .map(|edit| edit.rule)
            .collect();
        self.edits.retain(|edit| !inside(edit));
        if !self.replace(range, text, rule) {
            self.edits = kept;
            return false;
        }
        self.absorbed.extend(inner);
        true
    }

    /// The text of a range with the changes inside it made. Changes that reach out of the range are left out.
    pub fn rendered(&self, range: Range<usize>) -> String {
        let range = range.start.min(self.original.len())..range.end.min(self.original.len());
        let mut text = String::new();
        let mut at = range.start;
        for edit in self
            .edits
            .iter()
            .filter(|edit| is_inside(&edit.range, &range))
        {
            text.push_str(&self.read(at..edit.range.start));
            text.push_str(&edit.text);
            at = edit.range.end;
        }
        text.push_str(&self.read(at..range.end));
        text
    }

    /// The text of a range as it was.
    pub fn read(&self, range: Range<usize>) -> String {
        let bytes = self.original.get(range).unwrap_or_default();
        match self.utf8 {
            true => String::from_utf8_lossy(bytes).into_owned(),
            false => bytes.iter().copied().map(char::from).collect(),
        }
    }

    /// The text with all changes made.
    pub fn apply(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.original.len() + 64 * self.edits.len());
        let mut at = 0;
        for edit in &self.edits {
            bytes.extend_from_slice(&self.original[at..edit.range.start]);
            match self.utf8 {
                true => bytes.extend_from_slice(edit.text.as_bytes()),
                false => bytes.extend(edit.text.chars().map(|letter| letter as u8)),
            }
            at = edit.range.end;
        }
        bytes.extend_from_slice(&self.original[at..]);
        bytes
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The changes, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &Edit> {
        self.edits.iter()
    }

    /// Adds how many changes each rule made; one that became part of another counts.
    pub fn count(&self, counts: &mut BTreeMap<&'static str, usize>) {
        let made = self.edits.iter().map(|edit| edit.rule);
        for rule in made.chain(self.absorbed.iter().copied()) {
            *counts.entry(rule).or_default() += 1;
        }
    }

    /// Where bytes go.
    pub fn moves(&self) -> Moves {
        let pieces = self.edits.iter();
        let pieces = pieces.map(|edit| (edit.range.clone(), self.width(&edit.text)));
        Moves {
            pieces: pieces.collect(),
        }
    }

    fn width(&self, text: &str) -> usize {
        match self.utf8 {
            true => text.len(),
            false => text.chars().count(),
        }
    }

    fn is_valid(&self, range: &Range<usize>) -> bool {
        let cuts = |at: usize| {
            let next = self.original.get(at);
            self.utf8 && next.is_some_and(|byte| byte & 0xc0 == 0x80)
        };
        range.start <= range.end
            && range.end <= self.original.len()
            && !cuts(range.start)
            && !cuts(range.end)
    }

    fn can_hold(&self, text: &str) -> bool {
        self.utf8 || text.chars().all(|letter| u32::from(letter) < 256)
    }
}

/// Where the bytes of a text went.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    /// The ranges that were replaced, and how long what took their place is.
    pieces: Vec<(Range<usize>, usize)>,
}

impl Moves {
    /// Where a byte of the original is in the changed text; one that was replaced is where its change begins.
    pub fn moved(&self, byte: usize) -> usize {
        let mut shift = 0_isize;
        for (range, width) in &self.pieces {
            if byte >= range.end {
                shift += *width as isize - range.len() as isize;
            } else if byte > range.start {
                return range.start.saturating_add_signed(shift);
            } else {
                break;
            }
        }
        byte.saturating_add_signed(shift)
    }

    /// Where a byte of the changed text comes from; one that a change brought comes from where that begins.
    pub fn origin(&self, byte: usize) -> usize {
        let mut shift = 0_isize;
        for (range, width) in &self.pieces {
            let start = range.start.saturating_add_signed(shift);
            if byte < start {
                break;
            }
            if byte < start + width {
                return range.start;
            }
            shift += *width as isize - range.len() as isize;
        }
        byte.saturating_add_signed(-shift)
    }
}

fn is_inside(inner: &Range<usize>, outer: &Range<usize>) -> bool {
    match inner.is_empty() {
        // What is inserted at the ends belongs to what stands around.
        true => outer.start < inner.start && inner.start < outer.end,
        false => outer.start <= inner.start && inner.end <= outer.end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_made_in_the_order_of_the_text() {
        let mut edits = Edits::new(b"a = b + c;");
        assert!(edits.replace(8..9, "z", "one"));
        assert!(edits.replace(0..1, "xyz", "one"));
        assert!(edits.insert(10, " /* end */", "two"));
        assert_eq!(edits.apply(), b"xyz = b + z; /* end */");
        let mut counts = BTreeMap::new();
        edits.count(&mut counts);
        assert_eq!(counts, BTreeMap::from([("one", 2), ("two", 1)]));
    }

    #[test]
    fn overlapping_changes_are_refused() {
        let mut edits = Edits::new(b"abcdef");
        assert!(edits.replace(1..4, "x", "r"));
        assert!(!edits.replace(3..5, "y", "r"));
        assert!(!edits.insert(2, "y", "r"));
        assert!(!edits.replace(0..9, "y", "r"));
        assert!(edits.insert(4, "1", "r"));
        assert!(edits.insert(4, "2", "r"));
        assert!(edits.insert(1, "0", "r"));
        assert_eq!(edits.apply(), b"a0x12ef");
    }

    #[test]
    fn an_outer_change_holds_what_inner_ones_made() {
        let text = b"f(a->t) = b->t;";
        let mut edits = Edits::new(text);
        edits.replace(2..6, "T(a)", "inner");
        edits.replace(10..14, "T(b)", "inner");
        assert_eq!(edits.rendered(0..7), "f(T(a))");
        let new = format!("set({}, {})", edits.rendered(2..6), edits.rendered(10..14));
        assert!(edits.absorb(0..14, new, "outer"));
        assert_eq!(edits.apply(), b"set(T(a), T(b));");
        let mut counts = BTreeMap::new();
        edits.count(&mut counts);
        assert_eq!(counts["inner"], 2);
        assert!(!edits.absorb(5..15, "x", "outer"), "cuts the outer one");
        assert_eq!(edits.apply(), b"set(T(a), T(b));");
    }

    #[test]
    fn other_encodings_are_kept() {
        let text = b"/* caf\xe9 */ x->t /* \xe9 */";
        let mut edits = Edits::new(text);
        assert!(edits.replace(11..15, "T(x)", "r"));
        assert!(
            !edits.insert(0, "\u{2026}", "r"),
            "Latin-1 has no such character"
        );
        let rendered = edits.rendered(0..text.len());
        assert_eq!(rendered, "/* caf\u{e9} */ T(x) /* \u{e9} */");
        assert!(edits.absorb(0..text.len(), rendered, "r"));
        assert_eq!(edits.apply(), b"/* caf\xe9 */ T(x) /* \xe9 */");
        let mut edits = Edits::new("\u{e9}x".as_bytes());
        assert!(!edits.insert(1, "y", "r"), "inside a character");
    }

    #[test]
    fn bytes_are_followed_there_and_back() {
        let mut edits = Edits::new(b"aa bb cc");
        edits.replace(3..5, "wider", "r");
        edits.insert(0, "12", "r");
        assert_eq!(edits.apply(), b"12aa wider cc");
        let moves = edits.moves();
        for (before, after) in [(1, 3), (3, 5), (4, 5), (5, 10), (7, 12)] {
            assert_eq!(moves.moved(before), after, "{before}");
        }
        for (after, before) in [(3, 1), (5, 3), (8, 3), (10, 5), (12, 7)] {
            assert_eq!(moves.origin(after), before, "{after}");
        }
    }
}
