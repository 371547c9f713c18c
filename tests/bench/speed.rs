//! How fast newsdedup is, how much memory it takes and what it finds, on invented news of two sizes.
//!
//! `cargo bench` writes the corpora, runs the program on them in turn with `sha256sum` and `cat` of the same
//! files, and prints medians. The ratios are what counts: they hold on a busy machine too, and on others.

mod child;
mod corpus;
mod score;

use child::{Spent, run};
use clap::Parser;
use corpus::{Layout, PAGES, Size, TRUTH, Written, write_corpus};
use score::{Score, score};
use std::fs::File;
use std::io::{BufReader, Result};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Measures newsdedup on invented news
#[derive(Parser)]
struct Asked {
    /// Size of the smaller corpus, in MB
    #[arg(long, default_value_t = 25, value_name = "MB")]
    megabytes: u64,
    /// Size of the smaller corpus, in pages
    #[arg(long, value_name = "N", conflicts_with = "megabytes")]
    pages: Option<u64>,
    /// How many times larger the other corpus is; 1 for none
    #[arg(long, default_value_t = 10, value_name = "N")]
    times: u64,
    /// How often everything is run
    #[arg(long, default_value_t = 5, value_name = "N")]
    runs: usize,
    /// One article a file, with `--split none`
    #[arg(long)]
    articles: bool,
    /// Another seed makes other news
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Write the smaller corpus into FOLDER, and do nothing else
    #[arg(long, value_name = "FOLDER")]
    write: Option<PathBuf>,
    /// Cargo says so
    #[arg(long, hide = true)]
    bench: bool,
}

/// The ways in which the program is run, by what is said of them.
const WAYS: [(&str, &[&str]); 3] = [
    ("2 threads", &["--threads", "2"]),
    ("1 thread", &["--threads", "1"]),
    ("2 threads, `--memory 64M`", &["--threads", "2", "--memory", "64M"]),
];
/// The way that shows what is held beside the pages.
const HELD: [&str; 4] = ["--threads", "2", "--memory", "0"];

fn main() -> Result<()> {
    let asked = Asked::parse();
    if let Some(folder) = &asked.write {
        return write_corpus(folder, asked.seed, asked.layout(), asked.size(1))
            .map(|written| println!("{}", describe(&written)));
    }
    let sizes = if asked.times > 1 { vec![1, asked.times] } else { vec![1] };
    let all: Result<Vec<Measured>> = sizes.into_iter().map(|times| Measured::new(&asked, times)).collect();
    show(&all?);
    Ok(())
}

impl Asked {
    fn layout(&self) -> Layout {
        if self.articles { Layout::Articles } else { Layout::Pages }
    }

    fn size(&self, times: u64) -> Size {
        self.pages.map_or(Size::Bytes(self.megabytes * 1_000_000 * times), |pages| Size::Pages(pages * times))
    }
}

/// What one corpus showed.
struct Measured {
    corpus: Written,
    /// For each of [`WAYS`], its runs.
    ways: Vec<Vec<Round>>,
    /// A run in the way [`HELD`].
    held: Spent,
    score: Score,
}

/// A run, and the runs of the references beside it.
struct Round {
    own: Spent,
    sha256sum: Spent,
    cat: Spent,
}

impl Measured {
    fn new(asked: &Asked, times: u64) -> Result<Measured> {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let folder = folder.path();
        let corpus = write_corpus(folder, asked.seed, asked.layout(), asked.size(times))?;
        eprintln!("{}", describe(&corpus));
        let newsdedup = |options| newsdedup(folder, asked.layout(), options);
        reference("sha256sum", folder)?;
        newsdedup(&HELD)?;
        let mut ways: Vec<Vec<Round>> = WAYS.iter().map(|_| Vec::new()).collect();
        for _ in 0..asked.runs {
            for (way, (_, options)) in ways.iter_mut().zip(WAYS) {
                let sha256sum = reference("sha256sum", folder)?;
                let cat = reference("cat", folder)?;
                way.push(Round { own: newsdedup(options)?, sha256sum, cat });
            }
        }
        let held = newsdedup(&HELD)?;
        newsdedup(&["--format", "jsonl"])?;
        let read = |name| File::open(folder.join(name)).map(BufReader::new);
        Ok(Measured { corpus, ways, held, score: score(read(TRUTH)?, read(REPORT)?)? })
    }
}

/// Where the report goes.
const REPORT: &str = "report";

fn newsdedup(folder: &Path, layout: Layout, options: &[&str]) -> Result<Spent> {
    let split = if layout == Layout::Articles { "none" } else { "auto" };
    let mut command = Command::new(env!("CARGO_BIN_EXE_newsdedup"));
    command.args([PAGES, "-q", "--split", split]).args(options).current_dir(folder).stdin(Stdio::null());
    Ok(run(command.stdout(File::create(folder.join(REPORT))?)))
}

/// Another program, on the same files.
fn reference(program: &str, folder: &Path) -> Result<Spent> {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("find {PAGES} -type f -print0 | xargs -0 {program}")]).current_dir(folder);
    Ok(run(command.stdin(Stdio::null()).stdout(File::create(folder.join(REPORT))?)))
}

fn describe(corpus: &Written) -> String {
    let Written { pages, blocks, bytes } = corpus;
    format!("{pages} pages, {blocks} articles, {:.0} MB", megabytes(*bytes))
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

fn show(all: &[Measured]) {
    println!("\n| pages | run | wall | × sha256sum | × cat | CPU | × sha256sum | × cat | MB/s a core | peak |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for measured in all {
        WAYS.iter().zip(&measured.ways).for_each(|((name, _), rounds)| show_way(&measured.corpus, name, rounds));
    }
    println!("\n| pages | articles found | exact copies | near, J ≥ .8 | near, J < .8 | precision | passages merged |");
    println!("|---|---|---|---|---|---|---|");
    for Measured { corpus, score, .. } in all {
        let Score { found, exact, near, far, precision, passages } = score;
        let size = megabytes(corpus.bytes);
        println!("| {size:.0} MB | {found} | {exact} | {near} | {far} | {precision} | {passages} |");
    }
    if let [small, .., large] = all {
        let bytes = large.held.peak as f64 - small.held.peak as f64;
        let blocks = (large.corpus.blocks - small.corpus.blocks) as f64;
        println!("\nHeld for each further article with `--memory 0`: {:.0} bytes", bytes / blocks);
    }
}

fn show_way(corpus: &Written, name: &str, rounds: &[Round]) {
    let of = |value: &dyn Fn(&Round) -> f64| median(rounds.iter().map(value));
    let size = megabytes(corpus.bytes);
    let (wall, cpu) = (of(&|round| round.own.wall), of(&|round| round.own.cpu));
    println!(
        "| {size:.0} MB | {name} | {wall:.2} s | {:.2} | {:.2} | {cpu:.2} s | {:.2} | {:.2} | {:.0} | {:.0} MB |",
        of(&|round| round.own.wall / round.sha256sum.wall),
        of(&|round| round.own.wall / round.cat.wall),
        of(&|round| round.own.cpu / round.sha256sum.cpu),
        of(&|round| round.own.cpu / round.cat.cpu),
        size / cpu,
        of(&|round| megabytes(round.own.peak)),
    );
}
