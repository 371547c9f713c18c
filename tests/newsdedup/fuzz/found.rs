//! What the fuzzer found, each by its input.

use super::laws;

#[test]
fn a_page_that_is_all_title_has_no_article() {
    let sentence =
        "The bridge was opened on Monday by the mayor, who crossed it first with forty children behind her. ";
    laws::read::attack(&[b"\x02\0<html><title>Bridge opens<p>", sentence.repeat(3).as_bytes()].concat());
}

#[cfg(feature = "compression")]
#[test]
fn an_archive_may_list_pages_beyond_all_numbers() {
    // Two frames made by hand: of a list of pages and of names, both the last of all; without an end and with one.
    for ended in [0, 1] {
        laws::archive::attack(&[64, ended, 0b1_1101, 1, 0, 0b1_1110, 2, 1, b'a']);
        laws::archive::attack(&[64, ended, 0b1_1001, 1, 0, 0b1_1010, 2, 1, b'a']);
    }
}
