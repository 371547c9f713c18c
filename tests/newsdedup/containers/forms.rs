//! The same pages in every form that a corpus comes in.

use std::io::{Cursor, Write};

/// A page, and what it is called.
pub type Page = (String, Vec<u8>);

/// The pages of `seeds/`, those in old encodings made UTF-8, as records hold them.
pub fn seeds() -> Vec<Page> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        let text = String::from_utf8(bytes).unwrap_or_else(|error| {
            let bytes = error.into_bytes();
            let utf16 = bytes.starts_with(b"\xff\xfe");
            let encoding = if utf16 { encoding_rs::UTF_16LE } else { encoding_rs::WINDOWS_1251 };
            encoding.decode(&bytes).0.into_owned()
        });
        (path.file_name().unwrap().to_string_lossy().into_owned(), text.into_bytes())
    };
    paths.iter().map(read).collect()
}

pub fn text(page: &Page) -> &str {
    std::str::from_utf8(&page.1).unwrap()
}

pub fn jsonl(pages: &[Page]) -> Vec<u8> {
    let line = |page| serde_json::json!({"id": page_id(page), "day": 7, "text": text(page)}).to_string() + "\n";
    pages.iter().map(line).collect::<String>().into_bytes()
}

pub fn page_id(page: &Page) -> String {
    format!("news:{}", page.0)
}

pub fn csv(pages: &[Page], separator: u8) -> Vec<u8> {
    let mut table = csv::WriterBuilder::new().delimiter(separator).from_writer(Vec::new());
    table.write_record(["day", "id", "text"]).unwrap();
    pages.iter().for_each(|page| table.write_record(["7", &page_id(page), text(page)]).unwrap());
    table.into_inner().unwrap()
}

pub fn tar(pages: &[Page]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in pages {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("news/{name}"), &bytes[..]).unwrap();
    }
    archive.into_inner().unwrap()
}

pub fn zip(pages: &[Page]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in pages {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(format!("news/{name}"), options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A web archive with answers of servers, or with texts made from them.
pub fn warc(pages: &[Page], answers: bool) -> Vec<u8> {
    let mut archive = warc_record("warcinfo", "application/warc-fields", "", b"software: none\r\n");
    for page in pages {
        let id =
            format!("WARC-Record-ID: <urn:{}>\r\nWARC-Target-URI: http://news.example/{}\r\n", page_id(page), page.0);
        if answers {
            archive.extend(warc_record("request", "application/http; msgtype=request", &id, b"GET / HTTP/1.1\r\n\r\n"));
            let answer = [b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n", &page.1[..]].concat();
            archive.extend(warc_record("response", "application/http; msgtype=response", &id, &answer));
        } else {
            archive.extend(warc_record("conversion", "text/plain", &id, &page.1));
        }
    }
    archive
}

fn warc_record(kind: &str, content: &str, more: &str, block: &[u8]) -> Vec<u8> {
    let length = block.len();
    let header =
        format!("WARC/1.0\r\nWARC-Type: {kind}\r\n{more}Content-Type: {content}\r\nContent-Length: {length}\r\n\r\n");
    [header.as_bytes(), block, b"\r\n\r\n"].concat()
}

pub fn parquet(pages: &[Page], rows: usize) -> Vec<u8> {
    use parquet::data_type::{ByteArray, ByteArrayType, Int32Type};
    use parquet::file::writer::SerializedFileWriter;
    let schema = "message news { required int32 day; optional binary id (UTF8); optional binary text (UTF8); }";
    let schema = std::sync::Arc::new(parquet::schema::parser::parse_message_type(schema).unwrap());
    let mut table = SerializedFileWriter::new(Vec::new(), schema, Default::default()).unwrap();
    for group in pages.chunks(rows) {
        let mut rows = table.next_row_group().unwrap();
        let mut days = rows.next_column().unwrap().unwrap();
        days.typed::<Int32Type>().write_batch(&vec![7; group.len()], None, None).unwrap();
        days.close().unwrap();
        let there = vec![1; group.len()];
        let ids = group.iter().map(|page| ByteArray::from(page_id(page).into_bytes()));
        let texts = group.iter().map(|page| ByteArray::from(page.1.clone()));
        for values in [ids.collect::<Vec<_>>(), texts.collect()] {
            let mut column = rows.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&values, Some(&there), None).unwrap();
            column.close().unwrap();
        }
        rows.close().unwrap();
    }
    table.into_inner().unwrap()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).unwrap()
}

pub fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut packed = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// With the encoder that the system has, as ours only decodes.
pub fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut packed = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}
