//! Synthetic raw feeds of any size, with planted schemes, look-alikes, broken rows, and the truth about all of them.
//!
//! Everything follows from the options: the same options give the same bytes. Study logs go to disk class by class,
//! so the size of a sample is bounded by the disk alone. Files of the first delivery are
//! `raw/<feed>/city=37xx/<feed>-37xx.csv`, those of the next day stand in `raw_day2`, the truth in `truth`.
//!
//! Ordinary rows trip none of the planted indicators, with two exceptions of strength W: C01 by its definition meets
//! every completed enrolment of a pure online class, and F01 the only organisation that is at work in a small city.

mod calendar;
mod codes;
mod courses;
mod dirt;
mod feeds;
mod learning;
mod ordinary;
mod organisations;
mod people;
mod places;
mod plants;
mod prng;
mod records;
#[cfg(test)]
mod tests;
mod training;
mod truth;
mod world;
mod writer;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::ValueEnum;
use serde::Serialize;

pub use calendar::Months;
use calendar::Window;
use places::CITIES;
use plants::Planted;
use records::Recorder;
use truth::{Collateral, Truth};
use world::World;
use writer::{CityFiles, Style};

/// An indicator whose scheme can be planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ValueEnum)]
#[value(rename_all = "verbatim")]
pub enum Scheme {
    /// Impossible citizen numbers
    A01,
    /// One number, several persons, and the other way round
    A02,
    /// Too young, too old, or of the wrong group
    A03,
    /// Persons whom a register excludes
    A04,
    /// More than three trainings in a year
    A05,
    /// One occupation and level subsidised twice
    A06,
    /// One training paid by two cities or two funds
    A07,
    /// Proof of the group later than the training
    A08,
    /// Classes of people too much alike
    A09,
    /// Platform shares above 20 %
    B01,
    /// 20 % and 80 % that do not fit together
    B02,
    /// Wrong living allowances
    B03,
    /// More than the standard, or too few hours
    B04,
    /// Accounts of several persons
    B05,
    /// Money collected for others without a right
    B06,
    /// Dates out of order
    B07,
    /// Too many hours online
    C01,
    /// Hours beyond the content
    C02,
    /// Days too long to be true
    C03,
    /// Two places at once
    C04,
    /// Hours without logs
    C05,
    /// Players run by scripts
    C06,
    /// Devices and addresses of many
    C07,
    /// Everybody done at once
    C08,
    /// Faces unchecked
    C09,
    /// Logs written afterwards
    C10,
    /// Teachers and rooms in two places, or in none
    D01,
    /// Attendance too perfect to be true
    D02,
    /// One photograph for several occasions
    D03,
    /// More learners or hours than a class can hold
    D04,
    /// Training without a permission
    D05,
    /// Tests that nobody fails
    E01,
    /// Certificates that cannot be
    E02,
    /// Certificates in a burst
    E03,
    /// One organisation with most of the money
    F01,
    /// Learners who travel in a body
    F02,
    /// Shells and phoenixes
    F03,
    /// More trained than employed
    F04,
    /// Fields filled for form's sake
    F05,
    /// Silence after the money
    F06,
    /// Organisations with many faults at once
    RING,
}

impl Scheme {
    /// The indicator's id.
    pub fn id(self) -> &'static str {
        [
            "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "B01", "B02", "B03",
            "B04", "B05", "B06", "B07", "C01", "C02", "C03", "C04", "C05", "C06", "C07", "C08",
            "C09", "C10", "D01", "D02", "D03", "D04", "D05", "E01", "E02", "E03", "F01", "F02",
            "F03", "F04", "F05", "F06", "RING",
        ][self as usize]
    }
}

/// Encoding of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// UTF-8, English headings
    Utf8,
    /// GB18030, Chinese headings and words
    Gb18030,
    /// Qingdao and Dezhou in GB18030, the others in UTF-8
    Mixed,
}

impl Encoding {
    fn style(self, city_code: i64) -> Style {
        match (self, city_code) {
            (Self::Gb18030, _) | (Self::Mixed, 370_200 | 371_400) => Style::Gb18030,
            _ => Style::Utf8,
        }
    }
}

/// What to generate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleOptions {
    /// Ordinary learners; all planted schemes together add some thousands of their own, E03 most of them.
    pub persons: u64,
    /// Another seed gives another province.
    pub seed: u64,
    /// What to plant.
    pub schemes: BTreeSet<Scheme>,
    /// Mean rows of study log of an enrolment with online hours, 1 to 400. Videos are cut to fit, so that hours stay
    /// supported by logs at any value; below 10 some courses get shorter, to two hours for each row. A sample of many
    /// persons has about 0.77 × persons × this rows of study log.
    pub logs_per_enrolment: f64,
    /// The months in which things happen; the truth is as of the last day of the last one.
    pub months: Months,
    /// Whether there are broken, superseded and duplicate rows.
    pub dirty: bool,
    /// Encoding and language of the files.
    pub encoding: Encoding,
}

impl Default for SampleOptions {
    fn default() -> Self {
        Self {
            persons: 1_500,
            seed: 1,
            schemes: Scheme::value_variants().iter().copied().collect(),
            logs_per_enrolment: 8.0,
            months: Months {
                first: (2020, 3),
                last: (2021, 12),
            },
            dirty: true,
            encoding: Encoding::Utf8,
        }
    }
}

/// What was generated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SampleSummary {
    /// Distinct persons, the planted ones included.
    pub persons: u64,
    /// Persons that the schemes added.
    pub planted_persons: u64,
    /// Classes of all cities.
    pub classes: u64,
    /// Enrolments in them.
    pub enrolments: u64,
    /// Study log rows of both deliveries.
    pub study_logs: u64,
    /// Good rows of all feeds and both deliveries.
    pub rows: u64,
}

/// Why no sample was made.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// The output folder holds something: choose another one.
    #[error("output folder {} is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// An option has a value that cannot be followed: change it.
    #[error("--{option}: {reason}")]
    Option {
        /// Name of the option.
        option: &'static str,
        /// What is wrong with its value.
        reason: String,
    },
    /// The disk refused.
    #[error("cannot write {}", path.display())]
    Write {
        /// File or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

impl SampleError {
    fn write(path: &Path, source: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            source,
        }
    }
}

/// Writes a sample into `out`, which must be empty or not yet exist. `progress` hears the number of rows written so
/// far, after each class.
pub fn generate(
    options: &SampleOptions,
    out: &Path,
    mut progress: impl FnMut(u64),
) -> Result<SampleSummary, SampleError> {
    check(options)?;
    prepare(out)?;
    let world = World::new(options);
    let mut truth = Truth::default();
    let Planted {
        world,
        cities,
        persons,
    } = plants::plant(world, &options.schemes, &mut truth);
    let world = &world;
    let mut summary = SampleSummary {
        planted_persons: persons,
        ..SampleSummary::default()
    };
    for ((city, place), mut planted) in CITIES.iter().enumerate().zip(cities) {
        let style = options.encoding.style(place.code);
        let mut files = CityFiles::create(out, city, place.code, style, options.dirty)?;
        planted.groups.sort_by_key(|group| group.class.start);
        let mut waiting = planted.groups.into_iter().peekable();
        let rows_before = summary.rows;
        let mut recorder = Recorder {
            world,
            city,
            city_code: place.code,
            ids: &mut planted.ids,
            files: &mut files,
            months: &mut truth.months,
            summary: &mut summary,
        };
        recorder.registers()?;
        for outline in ordinary::classes(world, city) {
            // Planted classes stand among the others, by their first day.
            while let Some(group) = waiting.next_if(|group| group.class.start <= outline.plan.start)
            {
                recorder.class(&group.class, &group.trainings)?;
            }
            let (class, trainings) = ordinary::fill(world, &outline, recorder.ids);
            recorder.class(&class, &trainings)?;
            progress(rows_before + recorder.files.rows);
        }
        for group in waiting {
            recorder.class(&group.class, &group.trainings)?;
        }
        recorder.findings()?;
        summary.rows += files.rows;
        progress(summary.rows);
        files.close(&mut truth)?;
    }
    truth.collateral.push(Collateral {
        indicator: "C01",
        entity_kind: "enrolment",
        entity_id: "*".to_owned(),
        period: String::new(),
        source: "background",
        note: "every completed enrolment of a pure online class, W by definition",
    });
    truth.collateral.push(Collateral {
        indicator: "F01",
        entity_kind: "org_city",
        entity_id: "*".to_owned(),
        period: String::new(),
        source: "background",
        note: "where a city has few classes in a quarter, one organisation has most of the money and all of a week's claims: W by definition",
    });
    truth.write(out, options, &summary)?;
    Ok(summary)
}

fn check(options: &SampleOptions) -> Result<(), SampleError> {
    let refuse = |option, reason| Err(SampleError::Option { option, reason });
    if !(1.0..=400.0).contains(&options.logs_per_enrolment) {
        return refuse(
            "logs-per-enrolment",
            "must lie between 1 and 400".to_owned(),
        );
    }
    if Window::of(options.months).fullest_year().days() < 90 {
        return refuse(
            "months",
            "must hold three whole months of one calendar year".to_owned(),
        );
    }
    let people = world::people(options);
    let weights: u64 = CITIES.iter().map(|city| city.weight).sum();
    // Planted persons take some numbers of each city.
    let room = CITIES
        .iter()
        .enumerate()
        .map(|(city, place)| (people.stock(city) - 20_000) * weights / place.weight - weights);
    let most = room.min().unwrap_or(0);
    if !(50..=most).contains(&options.persons) {
        return refuse("persons", format!("must lie between 50 and {most}"));
    }
    Ok(())
}

fn prepare(out: &Path) -> Result<(), SampleError> {
    fs::create_dir_all(out).map_err(|source| SampleError::write(out, source))?;
    let mut entries = fs::read_dir(out).map_err(|source| SampleError::write(out, source))?;
    if entries.next().is_some() {
        return Err(SampleError::NotEmpty(out.to_owned()));
    }
    Ok(())
}
