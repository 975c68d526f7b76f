# ruff: noqa: RUF001 - the texts hold the signs that systems spoil
"""Debris goes, and what somebody wrote stays."""

from __future__ import annotations

import html

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from csc_experiments.records.documents.cleaning import clean_text

# What social workers write, with all that looks like debris and is none.
WRITTEN = st.sampled_from(
    [
        "Mum", "said", '"no"', "it's", "it’s", "“home”", "–", "…", "café", "Seán", "Zoë", "Michał", "SÃO",
        "Ångström", "Łukasz", "Siân", "naïve", "محمد", "Nguyễn", "李", "£50", "100%", "5 < 6", "7>6", "<3",
        ">:(", "R&B", "AT&T;", "Mum&Dad;", "Q&A", "a & b;", "<A>", "<B>", "<name>", "<address>", "<Mark>",
        "&", "<", ">", "<jo@example.org>", "[redacted]", "{sic}", "}", "{", r"C:\temp", r"S:\parents\new",
        r"\o/", "N/A", "and/or", "#1", "12/03/2021", "10:06", "e.g.", "(c)", "v2.1", "*", "_", "~", "@",
        "a--b", "= =", "👍",
    ]
)  # fmt: skip
SIGNS = st.characters(
    min_codepoint=0x21, exclude_categories=["C", "Z"], exclude_characters="ÂÃÄÅâïË&<\\_\u00ad"
)
WORDS = WRITTEN | st.text(SIGNS, min_size=1, max_size=8)


@st.composite
def written(draw: st.DrawFn) -> str:
    """Words with one blank, one line end or an empty line between them."""
    words = draw(st.lists(WORDS, min_size=1, max_size=12))
    between = draw(st.lists(st.sampled_from([" ", "\n", "\n\n"]), min_size=len(words), max_size=len(words)))
    return "".join(word + gap for word, gap in zip(words, [*between[1:], ""], strict=True))


def clean(text: str | None) -> str | None:
    return clean_text(pl.Series("text", [text], dtype=pl.String())).item()


@given(written())
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_what_leads_a_misread_sign_stays_where_it_leads_none() -> None:
    text = "São Ângela âge Älvsborg Åsa naïf Ëlle â € Â."
    assert clean(text) == text


@settings(max_examples=50)
@given(written(), st.sampled_from(["cp1252", "latin-1"]))
@example("Mum’s “home” – £50 café", "cp1252")
def test_text_that_was_read_in_a_wrong_encoding_is_read_again(text: str, encoding: str) -> None:
    known = "’‘“–£éëáâö "
    text = "".join(sign if sign.isascii() or sign in known else "é" for sign in text)
    misread = text.encode().decode(encoding)
    assert clean(misread) == text
    assert clean(misread.encode().decode(encoding)) == text


@given(written())
def test_escaped_text_in_tags_comes_out_as_it_was_written(text: str) -> None:
    lines = html.escape(text).replace("\n", "<br />")
    assert clean(f'<div class="note"><P><b>{lines}</b></P></div>') == text


@given(written().filter(lambda text: all(ord(sign) < 0x10000 for sign in text)))
def test_text_in_rtf_comes_out_as_it_was_written(text: str) -> None:
    signs = {"\\": r"\\", "{": r"\{", "}": r"\}", "\n": "\\par\r\n"}
    coded = "".join(
        signs.get(sign, sign if sign.isascii() else rf"\u{(ord(sign) + 0x8000) % 0x10000 - 0x8000}?")
        for sign in text
    )
    head = r"{\rtf1\ansi{\fonttbl{\f0\fnil{\*\panose 02}Calibri;}}{\*\generator Riched20;}\pard\f0 "
    assert clean(head + coded + "\\par\r\n}") == text


@given(
    st.lists(written(), min_size=1, max_size=5),
    st.sampled_from(["\t", "   ", "\N{NO-BREAK SPACE}", "\u2003 \t"]),
)
def test_runs_of_blanks_are_one_blank(texts: list[str], blank: str) -> None:
    assert clean(blank + f"{blank}\n".join(texts) + f"\r\n{blank}") == "\n".join(texts)


@given(written(), st.data())
def test_control_characters_go(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    sign = data.draw(st.sampled_from(["\0", "\x01", "\x1f", "\x7f", "\ufeff", "\u200b", "\x81"]))
    assert clean(text[:at] + sign + text[at:]) == text


@pytest.mark.parametrize(
    ("debris", "text"),
    [
        ("", None),
        (" \r\n\t\xa0", None),
        ("<p> </p>", None),
        ("It\x92s \x93home\x94\x85", "It’s “home”…"),
        ("Ã¢â‚¬â„¢twas", "’twas"),
        ("â€œhomeâ€\N{REPLACEMENT CHARACTER} now", "“home” now"),
        ("a\rb\x0bc\u2028d_x000D_\ne", "a\nb\nc\nd\ne"),
        ("a&nbsp;&nbsp;b &#8217;&#x2019;&#146; &hellip; &amp;lt;", "a b ’’’ … &lt;"),
        ("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "One\n\ntwo"),
        ("<html><head><title>x</title><style>p {}</style></head><body>a<!-- b -->c</body></html>", "ac"),
        ("<table><tr><td>Mum</td><td>here</td></tr></table>", "Mum here"),
        ('<A said> <a href="x">link</a>', "<A said> link"),
        (r"\pard\f0\fs20 Mum\'92s here.\par Dad is not.\b0", "Mum’s here.\nDad is not."),
        (r"{\rtf1\ansi\pard\b Bold\b0  and \i so\i0\tab on}", "Bold and so on"),
    ],
)
def test_debris_that_systems_leave(debris: str, text: str | None) -> None:
    assert clean(debris) == text


def test_a_column_keeps_its_length_its_order_and_its_empty_cells() -> None:
    cells = pl.Series("text", [f"<p>{number}</p>" if number % 3 else None for number in range(50_001)])
    cleaned = clean_text(cells)
    assert cleaned.to_list() == [f"{number}" if number % 3 else None for number in range(50_001)]
    assert cleaned.name == "text"
    assert cells[1] == "<p>1</p>"
    assert clean_text(cells.clear()).to_list() == []
