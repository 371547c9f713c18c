//! Records that come and go as a stream of Arrow tables (the IPC streaming format), a batch at a time.
//!
//! Columns are found by their names. A stage says which ones it reads and which ones it writes; more may come in.

use crate::error::{Error, cause};
use arrow_array::builder::{BinaryBuilder, Float64Builder, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use std::io::{self, BufReader, Read, Write};
use std::sync::Arc;

/// Rows of a batch that is written, at most.
const ROWS: usize = 1 << 14;
/// Bytes of a batch that is written, about.
const BYTES: usize = 4 << 20;

/// What a column holds. Every cell may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 64 bits, signed.
    Long,
    /// Floating point, 64 bits.
    Double,
    /// Any bytes.
    Bytes,
    /// UTF-8.
    Text,
}

impl Kind {
    /// Its name in SQL.
    pub fn sql(self) -> &'static str {
        match self {
            Kind::Long => "bigint",
            Kind::Double => "double",
            Kind::Bytes => "binary",
            Kind::Text => "string",
        }
    }
}

/// The columns of a table: their names and what they hold.
pub type Columns = &'static [(&'static str, Kind)];

/// One cell to write.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'c> {
    /// Nothing.
    Empty,
    Long(i64),
    Double(f64),
    Bytes(&'c [u8]),
    Text(&'c str),
}

impl<'c> Cell<'c> {
    /// A count or a place.
    pub fn number(number: impl TryInto<i64>) -> Cell<'c> {
        Cell::Long(number.try_into().unwrap_or(i64::MAX))
    }

    /// A number, if there is one.
    pub fn some_number(number: Option<impl TryInto<i64>>) -> Cell<'c> {
        number.map_or(Cell::Empty, Cell::number)
    }

    /// A text, if there is one.
    pub fn text(text: Option<&'c str>) -> Cell<'c> {
        text.map_or(Cell::Empty, Cell::Text)
    }

    /// Bytes, if there are any.
    pub fn bytes(bytes: Option<&'c [u8]>) -> Cell<'c> {
        bytes.map_or(Cell::Empty, Cell::Bytes)
    }
}

/// A table that comes in.
pub struct Input<R: Read> {
    reader: StreamReader<BufReader<R>>,
}

impl<R: Read> Input<R> {
    /// Reads how the table looks.
    pub fn begin(from: R) -> Result<Input<R>, Error> {
        let from = BufReader::with_capacity(1 << 20, from);
        let reader = StreamReader::try_new(from, None).map_err(|error| match error {
            ArrowError::IoError(_, error) => wrong(cause(&error)),
            _ => wrong(
                "they are no stream of Apache Arrow, as the script that `newsdedup spark` prints sends it".to_owned(),
            ),
        })?;
        Ok(Input { reader })
    }

    /// Hands every row to `see`, one after the other; `wanted` are the columns that it asks for, by their places
    /// there.
    pub fn each(self, wanted: Columns, mut see: impl FnMut(Row) -> Result<(), Error>) -> Result<(), Error> {
        for batch in self.reader {
            let batch = Batch::new(&batch.map_err(unreadable)?, wanted)?;
            (0..batch.rows).try_for_each(|at| see(Row { batch: &batch, at }))?;
        }
        Ok(())
    }
}

struct Batch {
    columns: Vec<ArrayRef>,
    rows: usize,
}

impl Batch {
    fn new(batch: &RecordBatch, wanted: Columns) -> Result<Batch, Error> {
        let column = |&(name, kind): &(&str, Kind)| {
            let column = batch.column_by_name(name).ok_or_else(|| wrong(format!("no column '{name}'")))?;
            if *column.data_type() == data_type(kind) {
                Ok(Arc::clone(column))
            } else {
                Err(wrong(format!("column '{name}' is not of the type {}", kind.sql())))
            }
        };
        let columns = wanted.iter().map(column).collect::<Result<_, _>>()?;
        Ok(Batch { columns, rows: batch.num_rows() })
    }
}

/// A row that came in. Columns are named by their places among those wanted.
#[derive(Clone, Copy)]
pub struct Row<'b> {
    batch: &'b Batch,
    at: usize,
}

impl<'b> Row<'b> {
    fn column(self, column: usize) -> Option<&'b ArrayRef> {
        Some(&self.batch.columns[column]).filter(|it| !it.is_null(self.at))
    }

    /// A number, if there is one.
    pub fn some_long(self, column: usize) -> Option<i64> {
        Some(self.column(column)?.as_primitive::<Int64Type>().value(self.at))
    }

    /// A number; 0 if there is none.
    pub fn long(self, column: usize) -> i64 {
        self.some_long(column).unwrap_or_default()
    }

    /// A count or a place; 0 if there is none.
    pub fn number(self, column: usize) -> u64 {
        u64::try_from(self.long(column)).unwrap_or_default()
    }

    /// A share; 0 if there is none.
    pub fn double(self, column: usize) -> f64 {
        self.column(column).map_or(0.0, |column| column.as_primitive::<Float64Type>().value(self.at))
    }

    /// Bytes, if there are any.
    pub fn some_bytes(self, column: usize) -> Option<&'b [u8]> {
        Some(self.column(column)?.as_binary::<i32>().value(self.at))
    }

    /// Bytes; none if the cell is empty.
    pub fn bytes(self, column: usize) -> &'b [u8] {
        self.some_bytes(column).unwrap_or_default()
    }

    /// A text, if there is one.
    pub fn text(self, column: usize) -> Option<&'b str> {
        Some(self.column(column)?.as_string::<i32>().value(self.at))
    }

    /// Numbers of 32 bits that [`packed`] made bytes of.
    pub fn numbers(self, column: usize) -> Vec<u32> {
        unpacked(self.bytes(column))
    }
}

/// Numbers of 32 bits as bytes.
pub fn packed(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// What [`packed`] made bytes of.
pub fn unpacked(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks().0.iter().map(|&number| u32::from_le_bytes(number)).collect()
}

/// A table that goes out.
pub struct Output<W: Write> {
    writer: StreamWriter<W>,
    schema: Arc<Schema>,
    columns: Vec<Builder>,
    rows: usize,
    bytes: usize,
}

enum Builder {
    Long(Int64Builder),
    Double(Float64Builder),
    Bytes(BinaryBuilder),
    Text(StringBuilder),
}

impl<W: Write> Output<W> {
    /// Writes how the table looks.
    pub fn begin(to: W, columns: Columns) -> Result<Output<W>, Error> {
        let fields: Vec<Field> = columns.iter().map(|&(name, kind)| Field::new(name, data_type(kind), true)).collect();
        let builders = columns.iter().map(|&(_, kind)| match kind {
            Kind::Long => Builder::Long(Int64Builder::new()),
            Kind::Double => Builder::Double(Float64Builder::new()),
            Kind::Bytes => Builder::Bytes(BinaryBuilder::new()),
            Kind::Text => Builder::Text(StringBuilder::new()),
        });
        let schema = Arc::new(Schema::new(fields));
        let writer = StreamWriter::try_new(to, &schema).map_err(unwritten)?;
        Ok(Output { writer, schema, columns: builders.collect(), rows: 0, bytes: 0 })
    }

    /// Appends a row, in the order of the columns.
    pub fn row<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) -> Result<(), Error> {
        let mut filled = 0;
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.bytes += 8 + column.append(cell);
            filled += 1;
        }
        assert_eq!(filled, self.columns.len(), "a row has a cell for every column");
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Error> {
        (self.rows, self.bytes) = (0, 0);
        let columns = self.columns.iter_mut().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(unwritten)?;
        self.writer.write(&batch).map_err(unwritten)
    }

    /// Writes what is left.
    pub fn finish(mut self) -> Result<(), Error> {
        if self.rows > 0 {
            self.flush()?;
        }
        self.writer.finish().map_err(unwritten)?;
        self.writer.into_inner().map_err(unwritten)?.flush().map_err(Error::Stdout)
    }
}

impl Builder {
    /// Appends a cell, and says how many bytes it takes beside its place.
    fn append(&mut self, cell: Cell) -> usize {
        match (self, cell) {
            (Builder::Long(builder), Cell::Long(number)) => builder.append_value(number),
            (Builder::Double(builder), Cell::Double(number)) => builder.append_value(number),
            (Builder::Bytes(builder), Cell::Bytes(bytes)) => {
                builder.append_value(bytes);
                return bytes.len();
            }
            (Builder::Text(builder), Cell::Text(text)) => {
                builder.append_value(text);
                return text.len();
            }
            (Builder::Long(builder), Cell::Empty) => builder.append_null(),
            (Builder::Double(builder), Cell::Empty) => builder.append_null(),
            (Builder::Bytes(builder), Cell::Empty) => builder.append_null(),
            (Builder::Text(builder), Cell::Empty) => builder.append_null(),
            (_, cell) => unreachable!("{cell:?} is of another kind than its column"),
        }
        0
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Long(builder) => Arc::new(builder.finish()),
            Builder::Double(builder) => Arc::new(builder.finish()),
            Builder::Bytes(builder) => Arc::new(builder.finish()),
            Builder::Text(builder) => Arc::new(builder.finish()),
        }
    }
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Long => DataType::Int64,
        Kind::Double => DataType::Float64,
        Kind::Bytes => DataType::Binary,
        Kind::Text => DataType::Utf8,
    }
}

fn wrong(what: String) -> Error {
    Error::Table(what)
}

fn unreadable(error: ArrowError) -> Error {
    Error::Table(error.to_string())
}

fn unwritten(error: ArrowError) -> Error {
    match error {
        ArrowError::IoError(_, source) => Error::Stdout(source),
        other => Error::Stdout(io::Error::other(other)),
    }
}
