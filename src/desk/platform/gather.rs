//! Collects a platform's sheet from a release and those before it.

use std::collections::BTreeSet;

use super::exit::{Exit, Ground};
use super::history::{Earlier, earlier_releases};
use super::items::{Dimension, Tables};
use super::outlook::outlook_of;
use super::peers::{FEWEST_OTHERS, Quartiles};
use super::score::Score;
use super::source::SourceTable;
use super::{GradeLimit, PlatformSheet, Rules};
use crate::desk::rows::Rows;
use crate::model::{PROVINCE, Policy};
use crate::native::composite::Framework;
use crate::project::Project;
use crate::release::{Manifest, ReleaseError, Releases, read_table};

/// One row a platform.
const SCORES: &str = "platform_scores";
/// One row a platform and item.
const DETAILS: &str = "platform_score_details";
/// One row a platform with grounds.
const EXITS: &str = "exit_proposals";
/// One row a ground.
const GROUNDS: &str = "exit_grounds";

/// Collects sheets.
pub struct PlatformGatherer<'a> {
    /// Where releases lie.
    pub releases: &'a Releases,
    /// The release in question.
    pub manifest: &'a Manifest,
    /// Contracts, models and policy, for titles and files.
    pub project: &'a Project,
    /// Framework of the evaluation.
    pub framework: &'a Framework,
}

impl PlatformGatherer<'_> {
    /// The sheet of a platform; `None` when the release has no score of it.
    ///
    /// # Errors
    /// When the release has no table of scores or cannot be read.
    pub fn gather(&self, platform: &str) -> Result<Option<PlatformSheet>, ReleaseError> {
        let scores = Rows::of(&read_table(self.releases, self.manifest.table(SCORES)?)?);
        let Some(score) = own_score(&scores, platform) else {
            return Ok(None);
        };
        let details = Rows::of(&read_table(self.releases, self.manifest.table(DETAILS)?)?);
        let others: BTreeSet<String> = scores
            .iter()
            .filter(|row| row.int("rank").is_some())
            .map(|row| row.word("platform_id"))
            .filter(|id| id != platform)
            .collect();
        let has_peers = others.len() >= FEWEST_OTHERS;
        let tables = Tables {
            scores: &scores,
            details: &details,
            others: &others,
            framework: self.framework,
            models: &self.project.models,
        };
        let totals = scores
            .iter()
            .filter(|row| others.contains(&row.word("platform_id")))
            .filter_map(|row| row.float("total"));
        let total_peers = Quartiles::of(totals);
        let dimensions = tables.dimensions(platform);
        let exit = self.exit(self.manifest, platform)?;
        let mut history = self.earlier(platform)?;
        let ranked = others.len() + usize::from(score.rank.is_some());
        history.push(Earlier {
            release: self.manifest.id.clone(),
            as_of: self.manifest.as_of,
            score: Some(score.clone()),
            ranked,
            exit: exit.clone(),
        });
        let framework = self.framework;
        Ok(Some(PlatformSheet {
            release: self.manifest.id.clone(),
            as_of: self.manifest.as_of,
            is_framework_of_release: framework.config_hash == score.config_hash,
            framework: framework.title.clone(),
            grades: grades(framework),
            least_coverage: framework.minimum_coverage,
            least_agreement: framework.uncertainty.map(|rule| rule.agreement),
            integrity_factor: framework
                .integrity
                .zip(score.integrity)
                .map(|(rule, integrity)| rule.factor(integrity)),
            ranked,
            others: others.len(),
            total_peers,
            outlook: outlook_of(&score, &scores, &details, framework, has_peers),
            sources: self.sources(platform, &dimensions),
            dimensions,
            history,
            exit,
            grounds: self.grounds(platform)?,
            rules: self.rules(),
            score,
        }))
    }

    /// Rows of a table of a release; none where it does not have the table.
    fn rows(&self, manifest: &Manifest, table: &str) -> Result<Rows, ReleaseError> {
        match manifest.table(table) {
            Ok(table) => Ok(Rows::of(&read_table(self.releases, table)?)),
            Err(_) => Ok(Rows::default()),
        }
    }

    fn exit(&self, manifest: &Manifest, platform: &str) -> Result<Option<Exit>, ReleaseError> {
        let rows = self.rows(manifest, EXITS)?;
        let mut own = rows
            .iter()
            .filter(|row| row.word("platform_id") == platform);
        Ok(own.next().map(Exit::of))
    }

    fn grounds(&self, platform: &str) -> Result<Vec<Ground>, ReleaseError> {
        let rows = self.rows(self.manifest, GROUNDS)?;
        let own = rows
            .iter()
            .filter(|row| row.word("platform_id") == platform);
        Ok(own.map(Ground::of).collect())
    }

    fn earlier(&self, platform: &str) -> Result<Vec<Earlier>, ReleaseError> {
        let pointers = self.releases.history()?;
        let ids = earlier_releases(&pointers, &self.manifest.id, self.manifest.as_of);
        let mut history = Vec::new();
        for id in ids {
            let manifest = self.releases.find(Some(&id))?;
            let scores = self.rows(&manifest, SCORES)?;
            history.push(Earlier {
                score: own_score(&scores, platform),
                ranked: scores.iter().filter_map(|row| row.int("rank")).count(),
                exit: self.exit(&manifest, platform)?,
                as_of: manifest.as_of,
                release: manifest.id,
            });
        }
        Ok(history)
    }

    /// Each table once, in the order in which items name them.
    fn sources(&self, platform: &str, dimensions: &[Dimension]) -> Vec<SourceTable> {
        let items = || dimensions.iter().flat_map(|dimension| &dimension.items);
        let mut names: Vec<&str> = Vec::new();
        for name in items().flat_map(|item| &item.tables) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        let of = |name: &str| {
            let own = items().filter(|item| item.tables.iter().any(|table| table == name));
            let own = own.map(|item| item.title.zh.clone()).collect();
            SourceTable::of(name, platform, own, self.project)
        };
        names.into_iter().map(of).collect()
    }

    fn rules(&self) -> Rules {
        let policy = &self.project.policy;
        let of = |parameter| in_force(policy, parameter, self.manifest);
        Rules {
            least_learners: of("evaluation_min_learners"),
            least_filed_days: of("evaluation_min_filed_days"),
            rectify_days: of("exit_rectify_days"),
            objection_days: of("exit_objection_days"),
        }
    }
}

fn own_score(scores: &Rows, platform: &str) -> Option<Score> {
    let mut own = scores
        .iter()
        .filter(|row| row.word("platform_id") == platform);
    own.next().map(Score::of)
}

fn grades(framework: &Framework) -> Vec<GradeLimit> {
    let grades = framework.grades.iter();
    grades
        .map(|grade| GradeLimit {
            id: grade.id.clone(),
            title: grade.title.clone(),
            minimum: grade.minimum,
        })
        .collect()
}

/// The province's value of a parameter on the as-of day, as written.
fn in_force(policy: &Policy, parameter: &str, manifest: &Manifest) -> Option<String> {
    let day = manifest.as_of;
    let mut rows = policy.rows.iter().filter(|row| {
        row.parameter == parameter
            && row.city_code == PROVINCE
            && (row.valid_from..=row.valid_until).contains(&day)
    });
    rows.next().map(|row| row.value_text.clone())
}
