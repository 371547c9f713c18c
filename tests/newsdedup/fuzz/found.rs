//! What the fuzzer found, each by its input.

use super::laws;

#[test]
fn a_page_that_is_all_title_has_no_article() {
    let sentence =
        "The bridge was opened on Monday by the mayor, who crossed it first with forty children behind her. ";
    laws::read::attack(&[b"\x02\0<html><title>Bridge opens<p>", sentence.repeat(3).as_bytes()].concat());
}

#[test]
fn the_version_of_a_report_may_hold_any_character() {
    laws::stored::attack(include_bytes!("../../fuzz/corpus/stored/75838aae6c0223d08b6b8fe6efc1b8ca5ad5567f"));
}

#[test]
fn raw_text_of_html_stands_where_it_stands() {
    laws::read::attack(include_bytes!("../../fuzz/corpus/read/e6983b5f465e3a62400fecc9faa755b83f6a4b20"));
    laws::read::attack(b"\x01\x03<plaintext>a\tb");
}

#[cfg(feature = "parquet")]
#[test]
fn a_table_that_its_library_panics_over_is_damaged() {
    laws::read::attack(include_bytes!("../../fuzz/corpus/read/bd5356bbc628d4f7a14b1181ef01167497811418"));
}

#[cfg(feature = "compression")]
#[test]
fn nothing_is_read_on_behind_damage() {
    laws::read::attack(include_bytes!("../../fuzz/corpus/read/a6309015354b75d1f1889c627cf898b48dc35280"));
}

#[test]
fn what_a_damaged_file_held_before_the_damage_is_verified() {
    laws::report::attack(include_bytes!("../../fuzz/corpus/report/8d556b7c60824c950d4f550a5d32d2641f87a5b4"));
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

#[test]
fn a_mark_of_a_blank_and_a_combining_mark_is_no_word() {
    laws::normalise::attack("‗".as_bytes());
    laws::normalise::attack("one‗ ‗two‗é‗".as_bytes());
}

#[test]
fn bytes_that_wait_behind_broken_ones_have_a_place() {
    laws::read::attack(b"\x01\x2b\x1b\x1b\xff");
    laws::read::attack(b"\x01\x32\xfe\x39\xfe\x39abc \xff");
}

#[test]
fn lines_that_look_like_a_body_and_hold_none_are_of_no_block() {
    laws::split::attack(include_bytes!("../../fuzz/corpus/split/74736100aad32bad8ac94d0c03a3afaa4e6817b6"));
}
