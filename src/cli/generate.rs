//! What the program tells a shell and `man` about itself.

use super::Cli;
use clap::{Command, CommandFactory, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;
use std::io::{self, Write};

/// A longer line that ends in a colon is no heading, but a sentence.
const LONGEST_HEADING: usize = 20;

/// What can be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Generated {
    /// The man page of newsdedup
    Man,
    /// The man page of newsdedup explain
    ManExplain,
    /// The man page of newsdedup report
    ManReport,
    /// The man page of newsdedup restore
    ManRestore,
    /// The man page of newsdedup verify
    ManVerify,
    CompleteBash,
    CompleteZsh,
    CompleteFish,
    CompletePowershell,
}

impl Generated {
    /// Writes it.
    pub fn write(self, out: &mut dyn Write) -> io::Result<()> {
        let shell = match self {
            Generated::Man => return man(&named(None), out),
            Generated::ManExplain => return man(&named(Some(("explain", "newsdedup-explain"))), out),
            Generated::ManReport => return man(&named(Some(("report", "newsdedup-report"))), out),
            Generated::ManRestore => return man(&named(Some(("restore", "newsdedup-restore"))), out),
            Generated::ManVerify => return man(&named(Some(("verify", "newsdedup-verify"))), out),
            Generated::CompleteBash => Shell::Bash,
            Generated::CompleteZsh => Shell::Zsh,
            Generated::CompleteFish => Shell::Fish,
            Generated::CompletePowershell => Shell::PowerShell,
        };
        // It would panic on a closed pipe.
        let mut completions = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "newsdedup", &mut completions);
        out.write_all(&completions)?;
        out.flush()
    }
}

/// The command itself, or one of its commands under the name of its man page.
fn named(subcommand: Option<(&str, &'static str)>) -> Command {
    let mut command = Cli::command();
    command.build();
    let found = subcommand.and_then(|(name, page)| Some(command.find_subcommand(name)?.clone().name(page)));
    found.unwrap_or(command)
}

/// A man page. What the help says after the options keeps its lines.
fn man(command: &Command, out: &mut dyn Write) -> io::Result<()> {
    let page = Man::new(command.clone());
    page.render_title(out)?;
    page.render_name_section(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)?;
    let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let heading = |line: &&str| !line.starts_with(' ') && line.ends_with(':') && line.len() < LONGEST_HEADING;
    if !after.lines().take(1).all(|line| heading(&line)) {
        writeln!(out, ".SH NOTES\n.nf")?;
    }
    for line in after.lines() {
        match Some(line).filter(heading) {
            Some(line) => writeln!(out, ".fi\n.SH {}\n.nf", escaped(&line.trim_end_matches(':').to_uppercase()))?,
            None => writeln!(out, "{}", escaped(line))?,
        }
    }
    if command.has_subcommands() {
        writeln!(
            out,
            ".fi\n.SH SEE ALSO\nnewsdedup\\-explain(1), newsdedup\\-report(1), newsdedup\\-restore(1), newsdedup\\-verify(1)"
        )?;
    } else {
        writeln!(out, ".fi\n.SH SEE ALSO\nnewsdedup(1)")?;
    }
    out.flush()
}

/// A line as it is, for a language in which some characters mean something.
fn escaped(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    if line.starts_with('.') { format!("\\&{line}") } else { line }
}
