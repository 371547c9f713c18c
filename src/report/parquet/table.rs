//! One Parquet file, written row by row: rows are gathered until they make a row group.

use crate::report::cells::Cell;
use parquet::basic::{Compression, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{ColumnDescriptor, ColumnPath};
use std::io::{self, Write};
use std::sync::Arc;

/// Rows of a row group at most: what the readers of such files are made for.
const ROWS: usize = 1 << 17;
/// Bytes of text in a row group, about.
const BYTES: usize = 32 << 20;
/// Columns whose texts hardly ever recur: looking for those that do costs more than it saves.
const UNIQUE: [&str; 3] = ["body", "sha256", "id"];

/// A file that is being written.
pub struct Table<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Column>,
    rows: usize,
    bytes: usize,
}

/// Cells that were gathered for one column.
struct Column {
    values: Values,
    /// Whether cells may be empty; such a column has levels.
    optional: bool,
    /// Whether a cell holds any number of texts.
    repeated: bool,
    definition: Vec<i16>,
    repetition: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Number(Vec<i64>),
    Share(Vec<f64>),
}

/// What is put into a column: one cell, or all the texts that a list holds.
pub enum Put<'p> {
    /// One cell.
    One(Cell<'p>),
    /// Any number of texts.
    Many(&'p [std::borrow::Cow<'p, str>]),
}

impl<W: Write + Send> Table<W> {
    /// Begins a file; `schema` is in Parquet's own notation for them.
    pub fn begin(out: W, schema: &str) -> Result<Table<W>, ParquetError> {
        let mut properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
        for name in UNIQUE {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(name), false);
        }
        let schema = Arc::new(parse_message_type(schema)?);
        let writer = SerializedFileWriter::new(out, schema, Arc::new(properties.build()))?;
        let columns = writer.schema_descr().columns().iter().map(|column| Column::new(column)).collect();
        Ok(Table { writer, columns, rows: 0, bytes: 0 })
    }

    /// Says something of the whole file, which readers can ask for by its name.
    pub fn note(&mut self, name: &str, value: &[u8]) {
        let value = String::from_utf8_lossy(value).into_owned();
        self.writer.append_key_value_metadata(KeyValue::new(name.to_owned(), value));
    }

    /// Appends a row, in the order of the columns.
    pub fn row<'p>(&mut self, cells: impl IntoIterator<Item = Put<'p>>) -> Result<(), ParquetError> {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.bytes += column.put(cell);
        }
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let Some(mut writer) = group.next_column()? else { break };
            let definition = column.has_levels().then_some(&column.definition[..]);
            let repetition = column.repeated.then_some(&column.repetition[..]);
            match &column.values {
                Values::Text(texts) => writer.typed::<ByteArrayType>().write_batch(texts, definition, repetition)?,
                Values::Number(numbers) => writer.typed::<Int64Type>().write_batch(numbers, definition, repetition)?,
                Values::Share(shares) => writer.typed::<DoubleType>().write_batch(shares, definition, repetition)?,
            };
            writer.close()?;
            column.clear();
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }

    /// Writes what is left, and the end of the file.
    pub fn finish(mut self) -> Result<(), ParquetError> {
        self.flush()?;
        self.writer.close().map(|_| ())
    }
}

impl Column {
    fn new(column: &ColumnDescriptor) -> Column {
        let values = match column.physical_type() {
            Physical::INT64 => Values::Number(Vec::new()),
            Physical::DOUBLE => Values::Share(Vec::new()),
            _ => Values::Text(Vec::new()),
        };
        let repeated = column.max_rep_level() > 0;
        let optional = column.max_def_level() > 0 && !repeated;
        Column { values, optional, repeated, definition: Vec::new(), repetition: Vec::new() }
    }

    fn has_levels(&self) -> bool {
        self.optional || self.repeated
    }

    /// Appends a cell; gives the bytes that it takes.
    fn put(&mut self, cell: Put) -> usize {
        match cell {
            Put::One(cell) => {
                if self.has_levels() {
                    self.definition.push(i16::from(cell != Cell::Empty));
                }
                self.value(cell)
            }
            Put::Many([]) => {
                self.definition.push(0);
                self.repetition.push(0);
                0
            }
            Put::Many(texts) => {
                for (at, _) in texts.iter().enumerate() {
                    self.definition.push(1);
                    self.repetition.push(i16::from(at > 0));
                }
                texts.iter().map(|text| self.value(Cell::Text(text.as_ref().into()))).sum()
            }
        }
    }

    fn value(&mut self, cell: Cell) -> usize {
        match (&mut self.values, cell) {
            (_, Cell::Empty) => 0,
            (Values::Text(texts), Cell::Word(text) | Cell::Text(text)) => {
                let size = text.len();
                texts.push(ByteArray::from(text.into_owned().into_bytes()));
                size
            }
            (Values::Number(numbers), Cell::Number(number)) => {
                numbers.push(i64::try_from(number).unwrap_or(i64::MAX));
                8
            }
            (Values::Share(shares), Cell::Share(share)) => {
                shares.push(share);
                8
            }
            (_, cell) => unreachable!("{cell:?} is of another kind than its column"),
        }
    }

    fn clear(&mut self) {
        match &mut self.values {
            Values::Text(texts) => texts.clear(),
            Values::Number(numbers) => numbers.clear(),
            Values::Share(shares) => shares.clear(),
        }
        self.definition.clear();
        self.repetition.clear();
    }
}

/// What went wrong below, be it in the table or in the file.
pub fn cause(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        error => io::Error::other(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};

    /// The rows of each group of a table of one column.
    #[track_caller]
    fn groups(kind: &str, cells: impl Iterator<Item = Cell<'static>>) -> Vec<i64> {
        let file = tempfile::tempfile().unwrap();
        let schema = format!("message one {{ required {kind}; }}");
        let mut table = Table::begin(file.try_clone().unwrap(), &schema).unwrap();
        cells.for_each(|cell| table.row([Put::One(cell)]).unwrap());
        table.finish().unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        reader.metadata().row_groups().iter().map(|group| group.num_rows()).collect()
    }

    #[test]
    fn a_group_holds_no_more_rows_or_bytes_than_readers_are_made_for() {
        let numbers = (0..=2 * ROWS as u64).map(Cell::Number);
        assert_eq!(groups("int64 number", numbers), [ROWS as i64, ROWS as i64, 1]);
        let texts = (0..100).map(|_| Cell::Text("x".repeat(BYTES / 40).into()));
        assert_eq!(groups("binary text (STRING)", texts), [41, 41, 18]);
        assert_eq!(groups("double share", std::iter::empty()), [0; 0]);
    }

    #[test]
    fn what_goes_wrong_in_the_file_keeps_its_kind() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        assert_eq!(cause(ParquetError::External(Box::new(full()))).kind(), io::ErrorKind::StorageFull);
        let other = ParquetError::External("another".into());
        assert_eq!(cause(other).to_string(), "another");
        assert_eq!(cause(ParquetError::EOF("cut".into())).kind(), io::ErrorKind::Other);
    }
}
