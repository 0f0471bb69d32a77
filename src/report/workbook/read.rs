//! Layout files as text → layouts, or every mistake with its line.

mod chart;
mod pick;
mod sheet;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::sheet::SheetReader;
use super::layout::{BODY_FONT, BookLayout, Fonts, Labels, SheetLayout, TITLE_FONT};
use super::template::{PLACES, unknown_place};
use crate::form::{Located, Mistakes, Section};
use crate::problem::Problem;

type LabelSets = BTreeMap<String, Arc<Labels>>;

/// The layouts of all audiences: the files of `pipelines/workbooks/`.
#[derive(Debug, Clone, Default)]
pub struct Layouts {
    books: BTreeMap<String, BookLayout>,
}

/// A file on its way: its own sheets, before those of the audience that it extends.
struct Draft {
    audience: String,
    extends: Option<(String, usize)>,
    book: BookLayout,
}

impl Layouts {
    /// Parses layout files (name, text). A file without `audience` holds labels for the others.
    ///
    /// # Errors
    /// Every mistake in every file, with its line.
    pub fn parse(files: &[(String, String)]) -> Result<Layouts, Vec<Problem>> {
        let mut problems = Vec::new();
        let labels = read_labels(files, &mut problems);
        let mut drafts: Vec<(usize, Draft)> = Vec::new();
        for (number, (file, text)) in files.iter().enumerate() {
            let mut mistakes = Mistakes::new(file, text);
            let draft = read_file(file, text, &labels, &mut mistakes);
            drafts.extend(draft.map(|draft| (number, draft)));
            problems.extend(mistakes.into_problems());
        }
        let mut books = BTreeMap::new();
        for (number, draft) in &drafts {
            let file = files.get(*number).map_or("", |(file, _)| file);
            match whole(draft, &drafts) {
                Ok(book) => {
                    same_names(&book, &mut problems);
                    if books.insert(draft.audience.clone(), book).is_some() {
                        let message =
                            format!("there are two layouts for audience `{}`", draft.audience);
                        problems.push(Problem::new(file, Some(1), message));
                    }
                }
                Err((line, message)) => problems.push(Problem::new(file, Some(line), message)),
            }
        }
        if problems.is_empty() {
            Ok(Layouts { books })
        } else {
            problems.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
            problems.dedup();
            Err(problems)
        }
    }

    /// The layout of an audience: `public`, `internal` or `restricted`.
    pub fn of(&self, audience: &str) -> Option<&BookLayout> {
        self.books.get(audience)
    }

    /// All layouts with their audience.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &BookLayout)> {
        self.books
            .iter()
            .map(|(audience, book)| (audience.as_str(), book))
    }
}

/// The book with the sheets of those that it extends before its own.
fn whole(draft: &Draft, drafts: &[(usize, Draft)]) -> Result<BookLayout, (usize, String)> {
    let mut book = draft.book.clone();
    let mut extends = draft.extends.as_ref();
    let first_line = extends.map_or(1, |(_, line)| *line);
    let mut seen = vec![draft.audience.as_str()];
    while let Some((audience, _)) = extends {
        if seen.contains(&audience.as_str()) {
            return Err((
                first_line,
                format!("`extends` comes round to `{audience}` again"),
            ));
        }
        seen.push(audience);
        let found = drafts.iter().find(|(_, other)| other.audience == *audience);
        let Some((_, base)) = found else {
            let message = format!("`extends` names `{audience}`, which no file is the layout of");
            return Err((first_line, message));
        };
        let mut sheets = base.book.sheets.clone();
        sheets.append(&mut book.sheets);
        book.sheets = sheets;
        extends = base.extends.as_ref();
    }
    Ok(book)
}

/// Tabs of one workbook must differ, whatever the case of their letters.
fn same_names(book: &BookLayout, problems: &mut Vec<Problem>) {
    let mut seen: BTreeMap<String, &SheetLayout> = BTreeMap::new();
    for sheet in &book.sheets {
        let Some(first) = seen.insert(sheet.name.to_lowercase(), sheet) else {
            continue;
        };
        let message = format!(
            "the sheet name `{}` is taken already ({}:{}); give another `name`",
            sheet.name, first.file, first.line
        );
        problems.push(Problem::new(&sheet.file, Some(sheet.line), message));
    }
}

fn read_labels(files: &[(String, String)], problems: &mut Vec<Problem>) -> LabelSets {
    let mut sets = LabelSets::new();
    for (file, text) in files {
        let mut mistakes = Mistakes::new(file, text);
        // A file that is no TOML is told of when its sheets are read.
        let mut unused = Mistakes::new(file, text);
        let Some(document) = unused.parse(text) else {
            continue;
        };
        let mut root = Section::new(document.get_ref(), &(0..0), "the layout");
        for mut section in root.sections("label", "a set of labels", &mut mistakes) {
            let name = section.required_text("name", &mut mistakes);
            let offset = section.offset;
            let words = read_words(&mut section, &mut mistakes);
            section.finish(&mut mistakes);
            let Some(name) = name else { continue };
            let set = Arc::new(Labels { words });
            if sets.insert(name.value.to_owned(), set).is_some() {
                let message = format!("there is another set of labels `{}`", name.value);
                mistakes.add(offset, message);
            }
        }
        problems.extend(mistakes.into_problems());
    }
    sets
}

fn read_words(section: &mut Section<'_>, mistakes: &mut Mistakes<'_>) -> Vec<(String, String)> {
    let mut words: Vec<(String, String)> = Vec::new();
    section.require("values", mistakes);
    for mut entry in section.sections("values", "a label", mistakes) {
        let code = entry.required_text("value", mistakes);
        let word = entry.required_text("zh", mistakes);
        let offset = entry.offset;
        entry.finish(mistakes);
        let (Some(code), Some(word)) = (code, word) else {
            continue;
        };
        if words.iter().any(|(known, _)| known == code.value) {
            mistakes.add(offset, format!("`{}` has a label already", code.value));
        }
        words.push((code.value.to_owned(), word.value.to_owned()));
    }
    words
}

fn read_file<'t>(
    file: &'t str,
    text: &'t str,
    labels: &LabelSets,
    mistakes: &mut Mistakes<'t>,
) -> Option<Draft> {
    let document = mistakes.parse(text)?;
    let mut root = Section::new(document.get_ref(), &(0..0), "the layout");
    let audience = root.text("audience", mistakes);
    // Read before, with the labels of the other files, and told of there.
    let mut unused = Mistakes::new(file, text);
    root.sections("label", "a set of labels", &mut unused);
    let Some(audience) = audience else {
        root.finish(mistakes);
        return None;
    };
    let extends = root.text("extends", mistakes);
    let title = root.required_text("title", mistakes);
    let office = root.required_text("office", mistakes);
    let title_font = root.text("title_font", mistakes);
    let body_font = root.text("body_font", mistakes);
    let notes = texts(root.texts("notes", mistakes), "notes", mistakes);
    let own = |located: Option<Located<&str>>, or: &str| {
        located.map_or(or, |located| located.value).to_owned()
    };
    let mut reader = SheetReader {
        file: file.into(),
        labels,
        mistakes,
    };
    let sections = root.sections("sheet", "a sheet", reader.mistakes);
    let sheets: Vec<SheetLayout> = sections
        .into_iter()
        .filter_map(|section| reader.sheet(section))
        .collect();
    root.finish(mistakes);
    check_place("title", title, mistakes);
    let extends = extends.map(|name| (name.value.to_owned(), mistakes.line(name.offset)));
    Some(Draft {
        audience: audience.value.to_owned(),
        extends,
        book: BookLayout {
            title: own(title, ""),
            office: own(office, ""),
            notes,
            fonts: Fonts {
                title: own(title_font, TITLE_FONT),
                body: own(body_font, BODY_FONT),
            },
            sheets,
        },
    })
}

/// Texts whose places are all known.
fn texts(list: Vec<Located<&str>>, key: &str, mistakes: &mut Mistakes<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    for located in list {
        check_place(key, Some(located), mistakes);
        texts.push(located.value.to_owned());
    }
    texts
}

fn check_place(key: &str, text: Option<Located<&str>>, mistakes: &mut Mistakes<'_>) {
    let Some(located) = text else { return };
    if let Some(name) = unknown_place(located.value) {
        let message = format!(
            "`{key}` has the unknown place `{{{name}}}`; write one of {{{}}}",
            PLACES.join("}, {")
        );
        mistakes.add(located.offset, message);
    }
}
