//! Why a question got its verdict, as data that the terminal, a test or a log can show.

use crate::knowledge::model::{EntityIx, Knowledge};

/// Why a question got its verdict.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explanation {
    /// The words that were looked at in the reading that won.
    pub reading: Vec<String>,
    /// How many readings were tried.
    pub readings: usize,
    /// Slips repaired: as typed, as read.
    pub repaired: Vec<(String, String)>,
    /// Entities linked, with how sure the link is (0–1).
    pub entities: Vec<(EntityIx, f32)>,
    /// Dates found, as EDTF.
    pub dates: Vec<String>,
    /// The likeliest relations by id, with the relation ranker's score (0–1).
    pub relations: Vec<(String, f32)>,
    /// Words that the best candidate leaves unexplained, with their content (0–1).
    pub unexplained: Vec<(String, f32)>,
    /// The best candidates, likeliest first.
    pub candidates: Vec<Considered>,
    /// How far the best candidate is relied on, 0–1.
    pub confidence: f32,
    /// What the words of the question say about it, in log-odds.
    pub wording: f32,
    /// Least likelihood for an answer.
    pub floor: f32,
    /// Least likelihood for an offer.
    pub offer_floor: f32,
    /// Least lead over the next candidate.
    pub margin: f32,
    /// The message was answered by asking its parts one by one; all this is about the whole of it.
    pub in_parts: bool,
}

/// One candidate with what spoke for and against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Considered {
    /// Id of the fact, or of the relation for a computed answer.
    pub id: String,
    /// How likely it is right, 0–1.
    pub likelihood: f32,
    /// What each measurement contributed, in log-odds; zero ones left out.
    pub contributions: Vec<(&'static str, f32)>,
}

impl Explanation {
    /// The explanation as lines of text.
    #[must_use]
    pub fn render(&self, knowledge: &Knowledge) -> String {
        use std::fmt::Write as _;
        let mut out = String::new();
        let list = |pairs: &[(String, f32)]| -> String {
            pairs
                .iter()
                .map(|(what, value)| format!("{what} {value:.2}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut line = |name: &str, text: String| {
            if !text.is_empty() {
                // Writing to a string cannot fail.
                let _ = writeln!(out, "{name:<12} {text}");
            }
        };
        if self.in_parts {
            let told = "part by part; what follows is about the message as a whole";
            line("answered", told.to_owned());
        }
        line("read as", self.reading.join(" · "));
        line(
            "repaired",
            self.repaired
                .iter()
                .map(|(from, to)| format!("{from} → {to}"))
                .collect::<Vec<_>>()
                .join(", "),
        );
        line(
            "entities",
            self.entities
                .iter()
                .map(|(entity, sure)| {
                    format!("{} {sure:.2}", knowledge.entities[entity.index()].id)
                })
                .collect::<Vec<_>>()
                .join(", "),
        );
        line("dates", self.dates.join(", "));
        line("relations", list(&self.relations));
        line("unexplained", list(&self.unexplained));
        line(
            "decision",
            format!(
                "confidence {:.2} (words {:+.2}), answer from {:.2}, offer from {:.2}, lead {:.2}; {} reading(s)",
                self.confidence,
                self.wording,
                self.floor,
                self.offer_floor,
                self.margin,
                self.readings
            ),
        );
        for candidate in &self.candidates {
            line(
                &format!("{:.3}", candidate.likelihood),
                candidate.id.clone(),
            );
            let parts: Vec<String> = candidate
                .contributions
                .iter()
                .map(|(name, value)| format!("{name} {value:+.2}"))
                .collect();
            line("", parts.join(", "));
        }
        out
    }
}
