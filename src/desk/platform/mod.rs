//! What one online platform is shown of its evaluation: its own scores, items and grounds of exit, and of other platforms
//! nothing but quartiles.
//!
//! Everything is read from the published release and, for the history, from earlier ones. No table of persons is opened.

mod exit;
mod gather;
mod history;
mod items;
mod outlook;
mod peers;
mod score;
mod source;

pub use exit::{Exit, Ground};
pub use gather::PlatformGatherer;
pub use history::Earlier;
pub use items::{Dimension, Item};
pub use outlook::{Lift, Next, Outlook};
pub use peers::{FEWEST_OTHERS, Quartiles};
pub use score::Score;
pub use source::SourceTable;

use chrono::NaiveDate;

use crate::native::composite::Title;

/// A grade of the framework.
#[derive(Debug, Clone, PartialEq)]
pub struct GradeLimit {
    /// Identifier, as `platform_scores` has it.
    pub id: String,
    /// Title.
    pub title: Title,
    /// The lowest total that earns it; `None` for the last.
    pub minimum: Option<f64>,
}

/// Numbers of the rules that a sheet speaks of, as they are in force on the as-of day; `None` where there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Learners needed to be graded.
    pub least_learners: Option<String>,
    /// Days of filing needed to be graded.
    pub least_filed_days: Option<String>,
    /// Days to rectify after a warning.
    pub rectify_days: Option<String>,
    /// Working days for objections after a proposal.
    pub objection_days: Option<String>,
}

/// The sheet of one platform.
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformSheet {
    /// Release that it is read from.
    pub release: String,
    /// As-of day of the release.
    pub as_of: NaiveDate,
    /// The platform's row of `platform_scores`.
    pub score: Score,
    /// Whether the project's framework is the one that the release was computed by.
    pub is_framework_of_release: bool,
    /// Title of the framework.
    pub framework: Title,
    /// Grades from the best to the worst.
    pub grades: Vec<GradeLimit>,
    /// Smallest coverage of a graded platform.
    pub least_coverage: f64,
    /// Smallest share of draws that must agree on a grade that is not borderline.
    pub least_agreement: Option<f64>,
    /// Factor by which integrity moves the score; `None` without integrity.
    pub integrity_factor: Option<f64>,
    /// Ranked platforms of the release, this one included.
    pub ranked: usize,
    /// Other ranked platforms.
    pub others: usize,
    /// Totals of the others; `None` when they are too few.
    pub total_peers: Option<Quartiles>,
    /// Dimensions with their items.
    pub dimensions: Vec<Dimension>,
    /// What stands between the platform and the next grade; `None` where it cannot be told.
    pub outlook: Option<Outlook>,
    /// Earlier releases and this one, oldest first.
    pub history: Vec<Earlier>,
    /// Its case of exit; `None` without grounds.
    pub exit: Option<Exit>,
    /// Its grounds of exit.
    pub grounds: Vec<Ground>,
    /// Tables that the items are computed from.
    pub sources: Vec<SourceTable>,
    /// Numbers of the rules.
    pub rules: Rules,
}

impl PlatformSheet {
    /// Whether quartiles of others are shown.
    pub fn has_peers(&self) -> bool {
        self.others >= FEWEST_OTHERS
    }

    /// Whether fewer draws agree on the grade than the framework asks for: 临界.
    pub fn is_borderline(&self) -> bool {
        self.is_borderline_at(self.score.grade_agreement)
    }

    /// The like for the agreement of any release.
    pub fn is_borderline_at(&self, agreement: Option<f64>) -> bool {
        let least = agreement.zip(self.least_agreement);
        least.is_some_and(|(own, least)| own < least)
    }

    /// The title of a grade, in both languages; the identifier where the framework has none.
    pub fn grade_title(&self, id: &str) -> Title {
        let own = self.grades.iter().find(|grade| grade.id == id);
        let unknown = || Title {
            zh: id.to_owned(),
            en: id.to_owned(),
        };
        own.map_or_else(unknown, |grade| grade.title.clone())
    }

    /// All items.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.dimensions
            .iter()
            .flat_map(|dimension| &dimension.items)
    }
}
