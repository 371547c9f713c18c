//! The command line of `newsdedup restore`.

use crate::progress::Progress;
use crate::restore::Request;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Every page is restored below DEST, at the path that is its name: 'news/a.txt' as DEST/news/a.txt, and
'/data/a.txt' as DEST/data/a.txt. A page whose name leads elsewhere ('../a.txt'), or is no path, or whose
place another page has, is restored as DEST/%N, where N is its number in the archive, and named on standard
error. So is a page of a damaged archive whose place may be that of a lost page without a name. Pages out of
containers are restored one by one, not as the container they came in.

Examples:
  newsdedup seeds/ -o build/corpus --archive
  newsdedup restore build/corpus build/pages
                                            build/pages/seeds/*.txt
  newsdedup restore build/corpus . seeds/000_b93d14ae093f85ae.txt
                                            one page

Exit codes:
  0    done
  2    nothing could be done: wrong call, no archive, none of the pages
  3    done, but some pages could not be restored, or the archive is damaged and may have had more;
       standard error says which and why
  130  interrupted (143 by SIGTERM); pages that were restored are whole";

/// Writes the pages of an archive back, byte for byte
///
/// The archive is one that `newsdedup ... -o FOLDER --archive` wrote. A file that is there already is left
/// alone: it counts as restored if it holds the same bytes, and as failed otherwise. What is damaged in an
/// archive costs only the pages that need it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, max_term_width = 100)]
pub struct Restore {
    /// A folder that -o wrote with --archive, or the archive in it
    #[arg(value_name = "FOLDER")]
    from: PathBuf,
    /// The folder that the pages go to
    #[arg(value_name = "DEST")]
    to: PathBuf,
    /// The pages to restore, named as in the report [default: all]
    #[arg(value_name = "PAGE")]
    pages: Vec<OsString>,
    /// Replace files that are there and differ
    #[arg(long, help_heading = "Running")]
    force: bool,
    /// Threads [default: as many as the machine has]
    #[arg(long, value_name = "N", help_heading = "Running")]
    threads: Option<std::num::NonZeroUsize>,
    /// Say nothing on standard error but what could not be restored, or not by its name
    #[arg(short, long, help_heading = "Running")]
    quiet: bool,
}

impl Restore {
    /// Puts what was asked for into plain values.
    pub fn into_request(self) -> Request {
        Request {
            from: self.from,
            to: self.to,
            pages: self.pages.into_iter().map(OsString::into_vec).collect(),
            force: self.force,
            threads: self.threads.map(std::num::NonZeroUsize::get),
            quiet: self.quiet,
            progress: Progress::default(),
        }
    }
}
