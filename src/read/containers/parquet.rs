//! Parquet tables: every row is a page.
//!
//! Rows are read group by group; a damaged group costs its own rows only. Groups hold their columns compressed, one
//! page of them at a time is expanded. The library does not tell damage from a system that fails to read: either counts
//! as the latter.

use super::{Content, Found, Opened, Opener, Place, Stop};
use crate::read::guard::guarded;
use crate::read::record::{About, Fields, Meta};
use crate::read::take::Said;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use parquet::schema::types::Type;
use std::fs::File;
use std::io::Read;
use std::sync::Arc;

impl Opener<'_> {
    pub(super) fn parquet(&mut self, place: &Place, input: impl Read, whole: Option<&File>) -> Opened {
        let file = self.seekable(input, whole)?;
        self.read_all_of(&file)?;
        let table = self.read(|| SerializedFileReader::new(file))?;
        let (wanted, text) = projection(table.metadata().file_metadata().schema(), &self.options.fields)?;
        let container: Arc<[u8]> = place.name.as_slice().into();
        let mut before = 0;
        for group in 0..table.num_row_groups() {
            let rows = table.metadata().row_group(group).num_rows().max(0) as u64;
            match self.rows(&container, &table, (group, before), (&wanted, &text)) {
                Err(Stop::Broken(why) | Stop::Damaged(why)) => {
                    let why = format!("{why}, in rows {} to {}", before + 1, before + rows);
                    self.give(Found { name: place.name.clone(), record: None, content: Content::Broken(why) })?;
                }
                other => other?,
            }
            before += rows;
        }
        Ok(())
    }

    fn rows(
        &mut self,
        container: &Arc<[u8]>,
        table: &SerializedFileReader<File>,
        (group, before): (usize, u64),
        (wanted, column): (&Type, &str),
    ) -> Opened {
        let group = self.read(|| table.get_row_group(group))?;
        let mut rows = self.read(|| group.get_row_iter(Some(wanted.clone())))?;
        let mut number = before;
        while let Some(row) = self.read(|| rows.next().transpose())? {
            number += 1;
            let (about, text) = taken(&row, column, &self.options.fields);
            self.grown(text.as_ref().map_or(0, |text: &Vec<u8>| text.len() as u64))?;
            let content = match text {
                Some(text) if text.len() as u64 <= self.max_page_size => Content::Text(text, Said::Utf8),
                Some(_) => Content::Broken(crate::read::file::too_large(self.max_page_size)),
                None => Content::Broken("a row without a text".to_owned()),
            };
            self.record_in(container, number, about, content)?;
        }
        Ok(())
    }

    /// Has the library read something.
    fn read<T>(&self, work: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, Stop> {
        let done = guarded(work).map_err(|why| Stop::Broken(format!("damaged Parquet table: {why}")));
        self.watched(done.and_then(|done| done.map_err(damaged)))
    }
}

fn damaged(error: ParquetError) -> Stop {
    Stop::Broken(format!("damaged Parquet table: {error}"))
}

/// The columns that are read, and the likeliest of those that may be the text.
fn projection(schema: &Type, fields: &Fields) -> Result<(Type, String), Stop> {
    let names = schema.get_fields().iter().map(|field| field.name());
    let ranked = names.clone().filter_map(|name| Some((fields.text_rank(name)?, name)));
    let Some((_, text)) = ranked.min() else { return Err(Stop::Broken(fields.missing(names))) };
    let told = |name: &str| fields.is_id(name) || fields.is_uri(name) || fields.meta.iter().any(|meta| meta == name);
    let wanted = schema.get_fields().iter().filter(|field| field.name() == text || told(field.name()));
    let wanted =
        Type::group_type_builder(schema.name()).with_fields(wanted.cloned().collect()).build().map_err(damaged)?;
    Ok((wanted, text.to_owned()))
}

fn taken(row: &Row, column: &str, fields: &Fields) -> (About, Option<Vec<u8>>) {
    let (mut about, mut text, mut meta) = (About::default(), None, Meta::default());
    for (name, field) in row.get_column_iter() {
        if name == column {
            text = match field {
                Field::Str(text) => Some(text.clone().into_bytes()),
                Field::Bytes(bytes) => Some(bytes.data().to_vec()),
                _ => None,
            };
        }
        let said = match field {
            Field::Null => None,
            Field::Str(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        if fields.is_id(name) {
            about.id.clone_from(&said);
        }
        if fields.is_uri(name) {
            about.uri.clone_from(&said);
        }
        if fields.meta.iter().any(|meta| meta == name) {
            meta.add_json(name, &field.to_json_value().to_string());
        }
    }
    about.meta = meta.into_json(&fields.meta);
    (about, text)
}
