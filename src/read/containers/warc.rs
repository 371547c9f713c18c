//! Web archives (ISO 28500): records with a header of lines and a block of so many bytes. Answers of web servers and
//! converted texts (WET) are pages, other records are passed over.
//!
//! Read by our own hand: the crates there are hold any record in memory, however long, and end at the first damage;
//! here, reading goes on at the next line that begins a record.

use super::limits::read_page;
use super::{Content, Opened, Opener, Place, Stop};
use crate::read::record::{About, Meta};
use crate::read::take::Said;
use std::io::{BufRead, Read};
use std::sync::Arc;

/// The longest header, in bytes.
const HEADER: u64 = 1 << 20;

/// How often reading is tried again without coming any further.
const TRIES: usize = 64;

/// What begins a record.
const VERSION: &[u8] = b"WARC/";

impl Opener<'_> {
    /// Reads all records. Where the stream goes on behind a damage, so does this.
    pub(super) fn warc(&mut self, place: &Place, mut input: impl BufRead) -> Opened {
        let mut number = 0;
        let (mut told, mut in_vain) = (None, 0);
        loop {
            let why = match self.records(place, &mut input, &mut number) {
                Err(Stop::Damaged(why)) if in_vain < TRIES => why,
                done => return done,
            };
            let come_to = Some((number, self.read.get()));
            if told != come_to && !self.damaged(place, why) {
                return Err(Stop::Unwanted);
            }
            in_vain = if told == come_to { in_vain + 1 } else { 0 };
            told = come_to;
        }
    }

    fn records(&mut self, place: &Place, mut input: impl BufRead, number: &mut u64) -> Opened {
        let container: Arc<[u8]> = Arc::from(place.name.as_slice());
        while let Some(skipped) = next_record(&mut input)? {
            if skipped > 0 && !self.broken(place, format!("{skipped} bytes that are no record")) {
                return Err(Stop::Unwanted);
            }
            *number += 1;
            let header = Header::read(&mut input)?;
            let Some(length) = header.length() else {
                let why = "a record that does not say how long it is".to_owned();
                self.record_in(&container, *number, About::default(), Content::Broken(why))?;
                continue;
            };
            let mut block = input.by_ref().take(length);
            let about = header.about(&self.options.fields.meta);
            if !header.is_page() {
                std::io::copy(&mut block, &mut std::io::sink())?;
                self.record_in(&container, *number, about, Content::Other)?;
                continue;
            }
            let (bytes, ended) = read_page(&mut block, self.max_page_size);
            let short = (bytes.len() as u64) < length.min(self.max_page_size);
            std::io::copy(&mut block, &mut std::io::sink())?;
            let content = match &ended {
                Ok(false) => Content::Broken(crate::read::file::too_large(self.max_page_size)),
                _ if header.is_response() => Content::Response(bytes),
                _ => Content::Text(bytes, Said::Nothing),
            };
            self.record_in(&container, *number, about, content)?;
            ended?;
            if short {
                return Err(Stop::Broken(format!("record {number} breaks off")));
            }
        }
        Ok(())
    }
}

/// Goes on to the line that begins the next record, and says how many bytes before it are neither part of one nor
/// empty lines; `None` at the end.
fn next_record(input: &mut impl BufRead) -> std::io::Result<Option<u64>> {
    let mut skipped = 0;
    loop {
        let mut line = Vec::new();
        if input.by_ref().take(HEADER).read_until(b'\n', &mut line)? == 0 {
            return Ok((skipped > 0).then_some(skipped));
        }
        if line.starts_with(VERSION) {
            return Ok(Some(skipped));
        }
        if !line.trim_ascii().is_empty() {
            skipped += line.len() as u64;
        }
    }
}

/// The named fields of a record.
struct Header(Vec<(String, String)>);

impl Header {
    /// Reads to the empty line behind the fields. A line that begins with a space continues the one before.
    fn read(input: &mut impl BufRead) -> std::io::Result<Header> {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut left = HEADER;
        while left > 0 {
            let mut line = Vec::new();
            left -= input.by_ref().take(left).read_until(b'\n', &mut line)? as u64;
            let text = String::from_utf8_lossy(&line);
            match text.split_once(':') {
                _ if text.trim().is_empty() => break,
                _ if text.starts_with([' ', '\t']) => {
                    let last = fields.last_mut().map(|(_, value)| value);
                    last.into_iter().for_each(|value| *value = format!("{value} {}", text.trim()));
                }
                Some((name, value)) => fields.push((name.trim().to_owned(), value.trim().to_owned())),
                None => {}
            }
        }
        Ok(Header(fields))
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn length(&self) -> Option<u64> {
        self.get("Content-Length")?.parse().ok()
    }

    fn is_response(&self) -> bool {
        self.get("WARC-Type") == Some("response")
            && self.get("Content-Type").is_none_or(|kind| kind.starts_with("application/http"))
    }

    /// An answer of a web server, a text made from one, or a page fetched in another way.
    fn is_page(&self) -> bool {
        let text = |kind: &str| kind.starts_with("text/plain") || kind.starts_with("text/html");
        match self.get("WARC-Type") {
            Some("response") => self.is_response(),
            Some("conversion" | "resource") => self.get("Content-Type").is_none_or(text),
            _ => false,
        }
    }

    fn about(&self, asked: &[String]) -> About {
        let own = |name: &str| self.get(name).map(|value| value.trim_matches(['<', '>']).to_owned());
        let mut meta = Meta::default();
        for name in asked {
            self.get(name).into_iter().for_each(|value| meta.add_text(name, value));
        }
        About { id: own("WARC-Record-ID"), uri: own("WARC-Target-URI"), meta: meta.into_json(asked) }
    }
}
