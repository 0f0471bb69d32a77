//! Walks over the parts of an archive: sources, raw texts, organisations.

use super::records::{RawField, Source};
use super::{Archive, Party, Training};
use crate::desk::raw_text::RawTexts;

impl Archive {
    /// Every record's source.
    pub fn sources_mut(&mut self) -> Vec<&mut Source> {
        let mut sources: Vec<&mut Source> = Vec::new();
        sources.extend(self.person.statuses.iter_mut().map(|row| &mut row.source));
        sources.extend(
            self.person
                .eligibilities
                .iter_mut()
                .map(|row| &mut row.source),
        );
        for training in &mut self.trainings {
            sources.extend(training.enrolment_source.as_mut());
            sources.extend(training.class_source.as_mut());
            sources.extend(training.sessions.iter_mut().map(|row| &mut row.source));
            sources.extend(training.attendance.iter_mut().map(|row| &mut row.source));
            sources.extend(training.assessments.iter_mut().map(|row| &mut row.source));
            sources.extend(training.certificates.iter_mut().map(|row| &mut row.source));
            sources.extend(training.claims.iter_mut().map(|row| &mut row.source));
        }
        sources
    }

    /// Adds the text of every raw record, or why it cannot be had.
    pub fn add_raw_texts(&mut self, texts: &RawTexts<'_>) {
        read_texts(self.sources_mut(), texts);
    }

    pub(super) fn parties_mut(&mut self) -> Vec<&mut Party> {
        let mut parties: Vec<&mut Party> = Vec::new();
        parties.extend(
            self.person
                .statuses
                .iter_mut()
                .filter_map(|row| row.employer.as_mut()),
        );
        for training in &mut self.trainings {
            parties.extend(training.org.as_mut());
            parties.extend(training.platform.as_mut());
            parties.extend(training.employer.as_mut());
            let assessors = training.assessments.iter_mut();
            parties.extend(assessors.filter_map(|row| row.assessor.as_mut()));
            let issuers = training.certificates.iter_mut();
            parties.extend(issuers.filter_map(|row| row.issuer.as_mut()));
            let payees = training.claims.iter_mut();
            parties.extend(payees.filter_map(|row| row.payee.as_mut()));
        }
        parties
    }
}

impl Training {
    /// Sources of its records, in the order in which an archive shows them.
    pub fn sources(&self) -> Vec<&Source> {
        let mut sources: Vec<&Source> = Vec::new();
        sources.extend(self.enrolment_source.as_ref());
        sources.extend(self.class_source.as_ref());
        sources.extend(self.attendance.iter().map(|row| &row.source));
        sources.extend(self.assessments.iter().map(|row| &row.source));
        sources.extend(self.certificates.iter().map(|row| &row.source));
        sources.extend(self.claims.iter().map(|row| &row.source));
        sources.extend(self.sessions.iter().map(|row| &row.source));
        sources
    }
}

/// Adds to each source the text of its record, or why it cannot be had. An object is opened once.
pub(in crate::desk) fn read_texts(mut sources: Vec<&mut Source>, texts: &RawTexts<'_>) {
    let places: Vec<_> = sources.iter().map(|source| source.place()).collect();
    let texts = texts.read(&places);
    for (source, place) in sources.iter_mut().zip(&places) {
        match texts.get(place) {
            Some(Ok(fields)) => {
                let field = |(heading, text): &(String, String)| RawField {
                    heading: heading.clone(),
                    text: text.clone(),
                };
                source.raw = Some(fields.iter().map(field).collect());
            }
            Some(Err(reason)) => source.raw_missing = Some(reason.clone()),
            None => {}
        }
    }
}
