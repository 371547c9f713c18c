//! Any state → the pages of a full run, or, if a state lies with right checksums, an end in good order.

use super::{desk, frames};
use newsdedup::fingerprint::sha256;
use newsdedup::model::{Digest, Split};
use newsdedup::read::{Library, Options, Page, Room, State};
use newsdedup::walk::Source;
use std::cell::LazyCell;
use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

/// What a run saw of a page: name, text, its digest as stored, what is what in it; or why it is none.
type Seen = (Vec<u8>, Result<(Vec<u8>, Digest, Option<Split>), String>);

/// Files that stay as they are, a state of them, and what a full run sees.
struct Fixed {
    files: Vec<Source>,
    state: Vec<u8>,
    seen: Vec<Seen>,
}

thread_local! {
    static FIXED: LazyCell<Fixed> = LazyCell::new(fixed);
}

const PAGES: [(&[u8], &[u8]); 5] = [
    (b"s1.txt", b"Ferry late again\n\nThe ferry to the island was late, as the captain had lost his keys.\n"),
    (b"s2.html", b"<title>Bridge</title><h1>Bridge opens</h1><p>The mayor crossed the br&iacute;dge first, with forty children.\n<p>It cost twice what was planned, she said on Monday."),
    (b"s3.jsonl", b"{\"id\":\"x\",\"text\":\"One story of the harbour.\"}\n{\"text\":7}\n{\"url\":\"u\",\"text\":\"<p>Two stories.\"}\n"),
    (b"s4.txt", b"Caf\xe9 ferm\xe9 \xe0 Z\xfcrich, la ville enti\xe8re est triste.\n"),
    (b"s5.pdf", b"%PDF-1.7\n"),
];

fn fixed() -> Fixed {
    let path = |(name, page)| Source::File(desk::put(name, page).into());
    let files: Vec<Source> = PAGES.into_iter().map(path).collect();
    // Files that were just written are not trusted to stay as they are.
    sleep(Duration::from_millis(1_100));
    let path = desk::folder().join("state");
    let seen = load(&files, open(&path, None));
    let state = fs::read(path).expect("the state");
    assert!(!frames::list(&state).is_empty(), "the state keeps nothing");
    Fixed { state, files, seen }
}

/// The first two bytes of an input say what becomes of the state.
pub fn attack(input: &[u8]) {
    let Some((&[how, number], rest)) = input.split_first_chunk() else { return };
    FIXED.with(|fixed| {
        let mut state = fixed.state.clone();
        let lies = match how % 4 {
            0 => edit(&mut state, rest),
            1 => lie(&mut state, usize::from(number), rest),
            2 => {
                state.truncate(frames::list(&state).first().map_or(0, |frame| frame.start));
                state.extend(frames::frames(b"KS", rest));
                true
            }
            _ => {
                state = rest.to_vec();
                false
            }
        };
        let Some(state) = open(&desk::folder().join("state"), Some(&state)) else { return };
        let seen = load(&fixed.files, Some(state));
        assert!(lies || seen == fixed.seen, "not what a full run sees");
    });
}

fn open(path: &PathBuf, bytes: Option<&[u8]>) -> Option<State> {
    fs::write(path, bytes.unwrap_or_default()).expect("a file");
    State::open(path, &options()).map_err(|error| error.to_string()).ok()
}

fn options() -> Options {
    Options { memory: 1 << 20, max_page_size: 1 << 15, keep_originals: true, ..Options::default() }
}

/// Reads the files.
fn load(files: &[Source], state: Option<State>) -> Vec<Seen> {
    let options = options();
    let room = Room::beside(files.len(), options.memory);
    let see = |page: &Page| (page.text().to_vec(), page.sha256(), page.split());
    let (library, seen) = Library::load_new(files.to_vec(), &options, &room, state, see);
    for page in (0..library.len()).filter_map(|index| library.page(index)) {
        (0..=page.text().len()).for_each(|at| _ = page.to_stored(at));
        page.lines();
    }
    for index in 0..library.len() {
        library.original(index).map(|original| sha256(original.bytes()));
    }
    library.state().into_iter().for_each(|state| drop(state.close()));
    let numbered = seen.into_iter().enumerate();
    let named = numbered.map(|(index, seen)| {
        let why = || library.skipped(index).unwrap_or_default().to_owned();
        (library.name(index).to_vec(), seen.ok_or_else(why))
    });
    named.collect()
}

/// Replaces, removes or adds bytes anywhere; never with a right checksum.
fn edit(state: &mut Vec<u8>, edits: &[u8]) -> bool {
    for edit in edits.chunks_exact(4) {
        let at = (usize::from(edit[0]) << 8 | usize::from(edit[1])) % state.len().max(1);
        match (edit[2] % 4, state.get_mut(at)) {
            (0, Some(byte)) => *byte ^= edit[3],
            (1, Some(_)) => drop(state.remove(at)),
            (2, _) => state.insert(at, edit[3]),
            _ => state.truncate(at),
        }
    }
    false
}

/// Replaces bytes of what a frame holds, and makes its checksum right.
fn lie(state: &mut Vec<u8>, number: usize, edits: &[u8]) -> bool {
    let all = frames::list(state);
    let Some(range) = all.get(number % all.len().max(1)).cloned() else { return false };
    let Some((kind, number, mut raw)) = frames::open(&state[range.clone()]) else { return false };
    edit(&mut raw, edits);
    state.splice(range, frames::frame(kind, number, &raw));
    true
}
