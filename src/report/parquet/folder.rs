//! A folder of tables, one for each list of the report. Those that were not asked for are not there.

use super::table::{Put, Table, cause};
use super::{NOTE, TABLES};
use crate::error::Error;
use crate::report::Told;
use crate::report::cells::{COLUMNS, Cell, row};
use crate::report::jsonl::Jsonl;
use crate::report::lines::{Line, each_line};
use crate::report::schema::{Article, Header, PageMap, Quote, Skipped};
use parquet::errors::ParquetError;
use std::fs::File;
use std::io;
use std::path::Path;

const ARTICLES: &str = "message articles {
    required binary id (STRING);
    optional binary headline (STRING);
    optional binary byline (STRING);
    optional binary date (STRING);
    optional binary date_iso (STRING);
    required group captions (LIST) { repeated group list { required binary element (STRING); } }
    required binary body (STRING);
    required int64 copies;
}";

const OCCURRENCES: &str = "message occurrences {
    required binary article (STRING);
    required binary match (STRING);
    required double similarity;
    required binary page (STRING);
    required int64 first_line;
    required int64 last_line;
    required int64 start;
    required int64 end;
    optional binary container (STRING);
    optional int64 record;
    optional binary record_id (STRING);
    optional binary uri (STRING);
    required binary sha256 (STRING);
    optional binary meta (STRING);
}";

/// What the table of occurrences leaves out, because the table of articles has it.
const OF_ARTICLES: [&str; 4] = ["headline", "copies", "date_iso", "byline"];

const EXCERPTS: &str = "message excerpts {
    required binary article (STRING);
    required binary within (STRING);
    required double share;
    required int64 start;
    required int64 end;
}";

const QUOTES: &str = "message quotes {
    required int64 quote;
    required int64 words;
    required binary text (STRING);
    required binary article (STRING);
    required binary page (STRING);
    required int64 start;
    required int64 end;
}";

const PAGES: &str = "message pages {
    required binary page (STRING);
    required int64 bytes;
    required binary sha256 (STRING);
}";

const SPANS: &str = "message spans {
    required binary page (STRING);
    required int64 start;
    required int64 end;
    required binary kind (STRING);
    optional binary article (STRING);
}";

const SKIPPED: &str = "message skipped {
    required binary page (STRING);
    required binary reason (STRING);
}";

/// In the order of [`TABLES`].
const SCHEMAS: [&str; TABLES.len()] = [ARTICLES, OCCURRENCES, EXCERPTS, QUOTES, PAGES, SPANS, SKIPPED];
/// The table of quotes, if they were asked for.
const OF_QUOTES: usize = 3;
/// Tables that are there only if there is something in them.
const OF_SPANS: [usize; 2] = [4, 5];

/// Writes a report as tables into a folder.
pub fn write(told: &dyn Told, folder: &Path) -> Result<(), Error> {
    let failed = |source| Error::write(folder)(source);
    // It may be written anew, with fewer tables.
    TABLES
        .map(|name| folder.join(name))
        .into_iter()
        .filter(|path| path.exists())
        .try_for_each(|path| std::fs::remove_file(path).map_err(failed))?;
    let mut tables = Tables { folder, header: Vec::new(), tables: [const { None }; TABLES.len()], quotes: 0 };
    each_line(told, &Jsonl, &failed, |line| tables.take(line).map_err(cause))?;
    tables.finish().map_err(|error| failed(cause(error)))
}

struct Tables<'f> {
    folder: &'f Path,
    header: Vec<u8>,
    tables: [Option<Table<File>>; TABLES.len()],
    /// Quotes so far.
    quotes: u64,
}

impl Tables<'_> {
    fn take(&mut self, line: Line) -> Result<(), ParquetError> {
        match line {
            Line::Header(header) => {
                self.header = header.to_vec();
                let quotes = serde_json::from_slice::<Header>(header).is_ok_and(|it| it.parameters.quotes.is_some());
                let wanted = |table: &usize| !OF_SPANS.contains(table) && (quotes || *table != OF_QUOTES);
                (0..TABLES.len()).filter(wanted).try_for_each(|table| self.table(table).map(|_| ()))
            }
            Line::Article(article) => article.show(|article| self.article(article)),
            Line::Quote(quote) => self.quote(&quote),
            Line::Page(page) => self.page(&page),
            Line::Skipped(Skipped { page, reason }) => self.row(6, [Cell::name(&page), Cell::text(Some(&reason))]),
            Line::Summary(_) | Line::Own(_) => Ok(()),
        }
    }

    fn table(&mut self, index: usize) -> Result<&mut Table<File>, ParquetError> {
        let begin = || -> Result<Table<File>, ParquetError> {
            let mut table = Table::begin(File::create(self.folder.join(TABLES[index]))?, SCHEMAS[index])?;
            table.note(NOTE, &self.header);
            Ok(table)
        };
        match &mut self.tables[index] {
            Some(table) => Ok(table),
            none => Ok(none.insert(begin()?)),
        }
    }

    fn row<'c>(&mut self, table: usize, cells: impl IntoIterator<Item = Cell<'c>>) -> Result<(), ParquetError> {
        self.table(table)?.row(cells.into_iter().map(Put::One))
    }

    fn article(&mut self, article: &Article) -> Result<(), ParquetError> {
        let id = || Cell::Word(article.id.to_string().into());
        let before = [
            id(),
            Cell::text(article.headline),
            Cell::text(article.byline),
            Cell::text(article.date),
            Cell::text(article.date_iso.as_deref()),
        ];
        let after = [Cell::Text(article.body.to_string().into()), Cell::Number(article.occurrences.count as u64)];
        let captions = [Put::Many(article.captions)];
        self.table(0)?.row(before.map(Put::One).into_iter().chain(captions).chain(after.map(Put::One)))?;
        for occurrence in article.occurrences.iter() {
            let cells = COLUMNS.into_iter().zip(row(article, &occurrence));
            self.row(1, cells.filter(|(name, _)| !OF_ARTICLES.contains(name)).map(|(_, cell)| cell))?;
        }
        for excerpt in &article.excerpt_of {
            let within = Cell::Word(excerpt.article.to_string().into());
            let place = [Cell::Number(excerpt.start), Cell::Number(excerpt.end)];
            self.row(2, [id(), within, Cell::Share(excerpt.share)].into_iter().chain(place))?;
        }
        Ok(())
    }

    fn quote(&mut self, quote: &Quote) -> Result<(), ParquetError> {
        self.quotes += 1;
        quote.places.iter().try_for_each(|place| {
            let what = [Cell::Number(self.quotes), Cell::Number(quote.words), Cell::text(Some(&quote.text))];
            let article = Cell::Word(place.article.to_string().into());
            let place = [article, Cell::name(&place.page), Cell::Number(place.start), Cell::Number(place.end)];
            self.row(OF_QUOTES, what.into_iter().chain(place))
        })
    }

    fn page(&mut self, page: &PageMap) -> Result<(), ParquetError> {
        let sha256 = Cell::Word(page.sha256.to_string().into());
        self.row(4, [Cell::name(&page.page), Cell::Number(page.bytes), sha256])?;
        page.spans.iter().try_for_each(|span| {
            let place = [Cell::name(&page.page), Cell::Number(span.start), Cell::Number(span.end)];
            let article = span.article.map_or(Cell::Empty, |article| Cell::Word(article.to_string().into()));
            self.row(5, place.into_iter().chain([Cell::Word(span.kind.name().into()), article]))
        })
    }

    fn finish(self) -> Result<(), ParquetError> {
        self.tables.into_iter().flatten().try_for_each(Table::finish)?;
        self.folder
            .read_dir()
            .map_err(ParquetError::from)?
            .try_for_each(|entry: io::Result<_>| File::open(entry?.path())?.sync_all().map_err(ParquetError::from))
    }
}
