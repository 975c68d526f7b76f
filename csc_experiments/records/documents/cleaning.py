r"""What systems leave in texts is taken out by rule; what somebody wrote stays as it is.

Debris is what nobody types: Windows-1252 read as UTF-8 and the other way round, HTML entities and tags, RTF
control words, control characters, runs of blanks. A rule that could touch a sentence is not here: words,
signs and capitals are left alone, and so are ``<3``, ``5 < 6``, ``<jo@example.org>`` and ``C:\temp``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from html.entities import name2codepoint
from types import MappingProxyType

import polars as pl

from csc_experiments.records.documents.rtf_debris import RTF_SEEN, without_rtf

_AT_ONCE = 20_000
_FIRST_C1, _AFTER_C1 = 0x80, 0xA0

_MISREAD_FIRST = "[ÂÃÄÅâïË]"
_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}[0-9]{0,2});"
# No element whose name may stand for a person or a place in a text with placeholders (address, mark, time).
_ELEMENTS = (
    "p|br|div|span|b|strong|i|em|u|s|strike|font|a|img|hr|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|"
    "col|colgroup|caption|h[1-6]|pre|blockquote|sub|sup|small|big|center|html|head|body|meta|title|style|"
    "script|o:p|st1:[a-z]+"
)
# "<A> said to <B>" is how a text is made anonymous: a cell is HTML if it closes, breaks or has attributes.
_HTML_SEEN = rf"(?i)</(?:{_ELEMENTS})\s*>|<br\s*/?>|<(?:{_ELEMENTS})\s+[a-z:-]+\s*=|<!doctype html|<!--"
_REST = r"(?:\s[^<>]*=[^<>]*|\s+nowrap)?\s*/?>"
_LINES = "p|div|tr|li|dt|dd|h[1-6]|table|ul|ol|hr|pre|blockquote"
_HTML_RULES = (
    (r"(?s)<!--.*?-->", ""),
    (r"(?i)<!doctype html[^>]*>", ""),
    (r"(?is)<(?:script|style|head|title)\b[^>]*>.*?</(?:script|style|head|title)\s*>", ""),
    (rf"(?i)</?(?:td|th){_REST}", " "),
    (rf"(?i)<br{_REST}|</?(?:{_LINES}){_REST}", "\n"),
    (rf"(?i)</?(?:{_ELEMENTS}){_REST}", ""),
)
_LINE_ENDS = r"(?:_x000[dD]_)?\r\n|_x000[dD]_\n?|[\r\x0b\x0c\x{2028}\x{2029}]"
_CONTROLS = r"[\x00-\x08\x0e-\x1f\x7f\x{200b}\x{feff}\x{2060}\x{ad}]"
_BLANK = r"\t\x{a0}\x{1680}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}"
_BLANKS_SEEN = rf"[{_BLANK}]|  | \n|\n |\n\n\n|^[ \n]|[ \n]$"


def _misread() -> Mapping[str, str]:
    """Map what UTF-8 looks like, read in a Windows encoding, to what it was."""
    meant = [*range(_FIRST_C1, 0x180), 0x2C6, 0x2DC, *range(0x2010, 0x2040)]
    meant += [0x2009, 0x200B, 0x202F, 0x20AC, 0x2122, 0x2190, 0x2191, 0x2192, 0x2193, 0x2713, 0x2714, 0xFEFF]
    pairs: dict[str, str] = {}
    for sign in map(chr, meant):
        raw = sign.encode()
        pairs["".join(_WINDOWS.get(byte, chr(byte)) for byte in raw)] = sign
        pairs[raw.decode("latin-1")] = sign
    # A closing quotation mark loses its last byte, which Windows-1252 does not have.
    pairs["â€\N{REPLACEMENT CHARACTER}"] = pairs["â€"] = "\N{RIGHT DOUBLE QUOTATION MARK}"
    return MappingProxyType(dict(sorted(pairs.items(), key=lambda pair: -len(pair[0]))))


def _windows() -> dict[int, str]:
    known = {byte: bytes([byte]).decode("cp1252", errors="ignore") for byte in range(_FIRST_C1, _AFTER_C1)}
    return {byte: sign for byte, sign in known.items() if sign}


_WINDOWS = _windows()
_MISREAD = _misread()
_C1 = {chr(byte): _WINDOWS.get(byte, "") for byte in range(_FIRST_C1, _AFTER_C1)}


def clean_text(cells: pl.Series) -> pl.Series:
    """Take debris out of texts.

    Parameters
    ----------
    cells : polars.Series of str

    Returns
    -------
    polars.Series of str
        Of the same length and name. Null where nothing is left.

    Examples
    --------
    >>> cells = ["<p>Mum said &quot;no&quot;.</p>", "She isâ€¦  here", "5 < 6 & <jo@example.org>", " "]
    >>> clean_text(pl.Series("text", cells)).to_list()
    ['Mum said "no".', 'She is… here', '5 < 6 & <jo@example.org>', None]
    """
    parts = [_clean(part) for part in cells.to_frame().iter_slices(_AT_ONCE)]
    return pl.concat(parts) if parts else cells.cast(pl.String)


def _clean(part: pl.DataFrame) -> pl.Series:
    cells = part.to_series().cast(pl.String)
    for seen, rule in _RULES:
        cells = _where(cells, seen, rule)
    return cells.set(cells == "", None)


def _where(cells: pl.Series, seen: str, rule: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Apply a rule to the texts that hold what it looks for; most hold nothing."""
    places = cells.str.contains(seen).arg_true()
    if places.is_empty():
        return cells
    return cells.clone().scatter(places, rule(cells.gather(places)))


def _without_misreading(cells: pl.Series) -> pl.Series:
    # Twice, because a system that misreads an export of another that misread it is not rare.
    once = _replace(cells, _MISREAD)
    return _replace(once, _MISREAD)


def _without_html(cells: pl.Series) -> pl.Series:
    """Take out tags, then read entities: what is written as an entity is no tag, unless all tags are."""
    tagged = cells.str.contains(_HTML_SEEN)
    plain = _where(_without_entities(cells.filter(~tagged)), _HTML_SEEN, _without_tags)
    return (
        cells.clone()
        .scatter(tagged.arg_true(), _without_tags(cells.filter(tagged)))
        .scatter((~tagged).arg_true(), plain)
    )


def _without_tags(cells: pl.Series) -> pl.Series:
    for pattern, instead in _HTML_RULES:
        cells = cells.str.replace_all(pattern, instead)
    return _without_entities(cells)


def _without_entities(cells: pl.Series) -> pl.Series:
    found = cells.str.extract_all(_ENTITY).explode().drop_nulls().unique()
    known = {entity: unescape(entity) for entity in found if entity[1] == "#" or _is_named(entity)}
    return _replace(cells, known)


def _is_named(entity: str) -> bool:
    return re.sub("[&;]", "", entity) in {*name2codepoint, "apos"}


def _without_blanks(cells: pl.Series) -> pl.Series:
    cells = cells.str.replace_all(rf"[ {_BLANK}]+", " ").str.replace_all(" ?\n ?", "\n")
    return cells.str.replace_all("\n{3,}", "\n\n").str.strip_chars(" \n")


def _replace(cells: pl.Series, pairs: Mapping[str, str]) -> pl.Series:
    """Replace in one pass, so that nothing is replaced in what has been put in."""
    if not pairs:
        return cells
    texts = pl.col("text").str.replace_many(list(pairs), list(pairs.values()), leftmost=True)
    return cells.alias("text").to_frame().select(texts).to_series().alias(cells.name)


_RULES: tuple[tuple[str, Callable[[pl.Series], pl.Series]], ...] = (
    (_MISREAD_FIRST, _without_misreading),
    (f"{_ENTITY}|{_HTML_SEEN}", _without_html),
    (RTF_SEEN, without_rtf),
    (r"[\x{80}-\x{9f}]", lambda cells: _replace(cells, _C1)),
    (_LINE_ENDS, lambda cells: cells.str.replace_all(_LINE_ENDS, "\n")),
    (_CONTROLS, lambda cells: cells.str.replace_all(_CONTROLS, "")),
    (_BLANKS_SEEN, _without_blanks),
)
