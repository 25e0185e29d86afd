//! Byte offset → line and column, in constant time however long the lines are.
//!
//! Columns count characters. Counting them from the start of the line for every value would be
//! quadratic on a file that is one 10 MB line, so the characters before each block of
//! [`BLOCK`] bytes are counted once.

/// Bytes per block: small enough that counting within one costs next to nothing (every phrasing of a
/// base asks for its place), large enough that the index stays small beside the text.
const BLOCK: usize = 64;

/// Where the lines of a text start.
#[derive(Debug)]
pub(super) struct LineIndex {
    /// Byte offset at which each line starts.
    starts: Vec<u32>,
    /// Characters before each block.
    characters: Vec<u32>,
}

impl LineIndex {
    /// The index of a text of less than 4 GiB (longer files are refused when read).
    pub(super) fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(text.match_indices('\n').map(|(at, _)| at as u32 + 1));
        let mut total = 0;
        let characters = text
            .as_bytes()
            .chunks(BLOCK)
            .map(|block| {
                let before = total;
                total += count(block);
                before
            })
            .collect();
        LineIndex { starts, characters }
    }

    /// Line and column of `offset`, both from 1. `text` is the text of the index; offsets past its end
    /// count as its end.
    pub(super) fn position(&self, text: &str, offset: usize) -> (u32, u32) {
        let offset = offset.min(text.len());
        let line = self
            .starts
            .partition_point(|start| *start as usize <= offset);
        let start = self.starts[line - 1] as usize;
        let column = self.before(text, offset) - self.before(text, start);
        (line as u32, column + 1)
    }

    /// Byte offset at which `line` (from 1) starts; none when there are fewer lines.
    pub(super) fn start(&self, line: u32) -> Option<usize> {
        let line = self.starts.get(line.checked_sub(1)? as usize)?;
        Some(*line as usize)
    }

    /// Characters before `offset`.
    fn before(&self, text: &str, offset: usize) -> u32 {
        let block = (offset / BLOCK).min(self.characters.len().saturating_sub(1));
        let known = self.characters.get(block).copied().unwrap_or(0);
        known + count(&text.as_bytes()[(block * BLOCK).min(offset)..offset])
    }
}

/// Characters that start in these bytes of a UTF-8 text.
fn count(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        let text = "é = \"ü\"\nb\n";
        let index = LineIndex::new(text);
        for (at, expected) in [("é", (1, 1)), ("=", (1, 3)), ("ü", (1, 6)), ("b", (2, 1))] {
            assert_eq!(
                index.position(text, text.find(at).unwrap()),
                expected,
                "{at}"
            );
        }
        assert_eq!(index.position(text, text.len()), (3, 1));
        assert_eq!(index.position(text, 999), (3, 1));
        assert_eq!(LineIndex::new("").position("", 0), (1, 1));
    }

    #[test]
    fn columns_are_right_across_blocks() {
        let text = "aé€😀\n".repeat(300) + &"aé€😀".repeat(500);
        let index = LineIndex::new(&text);
        let (mut line, mut column) = (1, 1);
        for (at, c) in text.char_indices() {
            assert_eq!(index.position(&text, at), (line, column), "{at}");
            (line, column) = if c == '\n' {
                (line + 1, 1)
            } else {
                (line, column + 1)
            };
        }
    }
}
