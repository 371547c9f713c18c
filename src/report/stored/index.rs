//! Where everything stands in a report that was written before.

use super::scan::{Damage, Scan};
use crate::report::schema::{Header, SCHEMA, Summary};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fs::File;

/// The lists of a report, by name.
pub const LISTS: [&str; 4] = ["articles", "quotes", "pages", "skipped"];
/// What an item of each list is called in JSON lines.
const TYPES: [&str; 4] = ["article", "quote", "page", "skipped"];

/// What is known of a report before its lists are read.
pub struct Index {
    pub header: Header,
    pub summary: Summary,
    pub lists: [List; 4],
}

/// Where the items of a list stand; `None` if there is no such list.
pub type List = Option<Vec<Run>>;

/// Items that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Where the first begins.
    pub start: u64,
    /// How many there are.
    pub items: u64,
}

/// The parts of a report that are no lists.
#[derive(Default)]
struct Parts {
    kind: Option<String>,
    header: Vec<(String, Vec<u8>)>,
    summary: Option<Summary>,
    lists: [List; 4],
}

/// Looks through a whole report, in JSON or in JSON lines.
pub fn index(file: &File) -> Result<Index, Damage> {
    let mut scan = Scan::new(file, 0);
    if scan.peek()? != Some(b'{') {
        return Err(scan.damage("it is not written in JSON or in JSON lines".to_owned()));
    }
    let mut parts = Parts::default();
    object(&mut scan, &mut parts)?;
    let is_lines = parts.kind.as_deref() == Some("header");
    let header = parts.header(&scan)?;
    if is_lines {
        lines(&mut scan, &mut parts)?;
        parts.lists[0].get_or_insert_default();
        parts.lists[3].get_or_insert_default();
        if header.parameters.quotes.is_some() {
            parts.lists[1].get_or_insert_default();
        }
    } else if scan.peek()?.is_some() {
        return Err(scan.damage("something follows the end of the report".to_owned()));
    }
    let Some(summary) = parts.summary else {
        return Err(scan.damage("it ends here, but its summary is missing".to_owned()));
    };
    Ok(Index { header, summary, lists: parts.lists })
}

/// A report that is one object, or the header of one in lines.
fn object(scan: &mut Scan, parts: &mut Parts) -> Result<(), Damage> {
    scan.expect(b'{')?;
    if scan.take(b'}')? {
        return Ok(());
    }
    loop {
        let key: String = read(scan)?;
        scan.expect(b':')?;
        match LISTS.iter().position(|&list| list == key) {
            Some(list) => array(scan, parts.lists[list].get_or_insert_default())?,
            None if key == "summary" => parts.summary = Some(read(scan)?),
            None if key == "type" => parts.kind = Some(read(scan)?),
            None => {
                let mut value = Vec::new();
                scan.value(&mut value)?;
                parts.header.push((key, value));
            }
        }
        if !scan.take(b',')? {
            return scan.expect(b'}');
        }
    }
}

fn array(scan: &mut Scan, runs: &mut Vec<Run>) -> Result<(), Damage> {
    scan.expect(b'[')?;
    if scan.take(b']')? {
        return Ok(());
    }
    let mut value = Vec::new();
    scan.peek()?;
    let mut run = Run { start: scan.at(), items: 0 };
    loop {
        value.clear();
        scan.value(&mut value)?;
        run.items += 1;
        if !scan.take(b',')? {
            runs.push(run);
            return scan.expect(b']');
        }
    }
}

/// The objects behind the header of a report in lines. Later versions may have others.
fn lines(scan: &mut Scan, parts: &mut Parts) -> Result<(), Damage> {
    #[derive(Deserialize)]
    struct Tagged {
        r#type: String,
    }
    let (mut value, mut last) = (Vec::new(), None);
    while scan.peek()?.is_some() {
        let start = scan.at();
        value.clear();
        scan.value(&mut value)?;
        let Tagged { r#type: kind } = parse(&value, start)?;
        let list = TYPES.iter().position(|&name| name == kind);
        if let Some(list) = list {
            let runs = parts.lists[list].get_or_insert_default();
            match runs.last_mut().filter(|_| last == Some(list)) {
                Some(run) => run.items += 1,
                None => runs.push(Run { start, items: 1 }),
            }
        } else if kind == "header" {
            return Err(Damage::At(start, "a second report begins here".to_owned()));
        } else if kind == "summary" {
            parts.summary = Some(parse(&value, start)?);
        }
        last = list;
    }
    Ok(())
}

impl Parts {
    /// The header, if it is that of a report which can be read.
    fn header(&mut self, scan: &Scan) -> Result<Header, Damage> {
        let text = |name: &str| {
            let part = self.header.iter().find(|(key, _)| key == name);
            part.and_then(|(_, value)| serde_json::from_slice::<String>(value).ok())
        };
        match text("schema") {
            Some(schema) if schema == SCHEMA => {}
            Some(schema) => {
                let what = format!("its schema is '{}', and this newsdedup reads '{SCHEMA}'", schema.escape_default());
                return Err(Damage::At(0, what));
            }
            None => return Err(Damage::At(0, "it is no report of newsdedup: it has no schema".to_owned())),
        }
        let parameters = self.header.iter().find(|(key, _)| key == "parameters");
        let (Some(version), Some((_, parameters))) = (text("version"), parameters) else {
            return Err(scan.damage("its version or its parameters are missing".to_owned()));
        };
        let parameters = parse(parameters, 0)?;
        Ok(Header { schema: SCHEMA.into(), version: version.into(), parameters })
    }
}

fn read<T: DeserializeOwned>(scan: &mut Scan) -> Result<T, Damage> {
    let mut value = Vec::new();
    scan.peek()?;
    let start = scan.at();
    scan.value(&mut value)?;
    parse(&value, start)
}

/// Reads a value that begins at `start`.
pub fn parse<'v, T: Deserialize<'v>>(value: &'v [u8], start: u64) -> Result<T, Damage> {
    serde_json::from_slice(value).map_err(|error| {
        let text = error.to_string();
        let what = text.split(" at line ").next().unwrap_or_default();
        Damage::At(start + (error.column() as u64).saturating_sub(1), what.to_owned())
    })
}
