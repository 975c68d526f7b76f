r"""Rich Text Format in a cell: a whole document of it, or the control words that a system left behind.

The format is Microsoft's Rich Text Format specification 1.9.1. A text that only holds a path such as
``S:\parents`` is not touched: what tells RTF is its head or a paragraph mark, and of stray control words
only the common ones are taken out.
"""

from __future__ import annotations

import re

import polars as pl

RTF_SEEN = r"\{\\rtf1|\\pard?(?:[\s\\{}]|$)"
"""What a cell with RTF in it holds."""

_WHOLE = r"^\s*\{\\rtf1"
_NOT_TEXT = (
    r"fonttbl|colortbl|stylesheet|info|pict|object|themedata|listtable|listoverridetable|revtbl|rsidtbl|"
    r"generator|header|footer|fldinst|\*"
)
_NESTED = r"(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*"
_GROUP = rf"\{{\\(?:{_NOT_TEXT}){_NESTED}\}}"
_STRAY = (
    r"pard|plain|fs|f|cf|cb|b|i|ul|ulnone|lang|langfe|langnp|ltrpar|rtlpar|rtlch|ltrch|loch|hich|dbch|af|sb|sa|"
    r"sl|slmult|li|ri|fi|lin|rin|qc|ql|qj|qr|highlight|strike|kerning|expnd|widctlpar|nowidctlpar|viewkind|uc|"
    r"ansi|ansicpg|deff|deflang|deflangfe|rtf|intbl|itap|insrsid|charrsid|pararsid"
)
_SIGNS = {
    r"\lquote": "\u2018", r"\rquote": "\u2019", r"\ldblquote": "\u201c", r"\rdblquote": "\u201d",
    r"\bullet": "\u2022", r"\endash": "\u2013", r"\emdash": "\u2014",
}  # fmt: skip
_BYTES = {
    rf"\'{code}": bytes([byte]).decode("cp1252", errors="ignore")
    for byte in range(0x80, 0x100)
    for code in (f"{byte:02x}", f"{byte:02X}")
}
_UNICODE = r"\\u-?[0-9]{1,5} ?(?:\?|\\'[0-9a-fA-F]{2})?"
_CODE = re.compile(r"\\u(-?[0-9]+)")
_KEPT = {r"\\": "\ue000", r"\{": "\ue001", r"\}": "\ue002"}
_ANY_WORD = r"\\[a-zA-Z]{1,32}(?:-?[0-9]{1,10})? ?|\\\*|[{}]"
_STRAY_WORD = rf"\\(?:{_STRAY})(?:-?[0-9]{{1,10}} ?|\b ?)"


def without_rtf(cells: pl.Series) -> pl.Series:
    r"""Turn RTF into plain text.

    Parameters
    ----------
    cells : polars.Series of str
        Each holds `RTF_SEEN`.

    Examples
    --------
    >>> cells = [r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Caf\'e9.\par Warm.}", r"\pard\f0\fs20 See S:\temp"]
    >>> without_rtf(pl.Series(cells)).to_list()
    ['Café.\nWarm.', 'See S:\\temp']
    """
    whole = cells.str.contains(_WHOLE)
    return (
        cells.clone()
        .scatter(whole.arg_true(), _plain_document(cells.filter(whole)))
        .scatter((~whole).arg_true(), _plain_lines(cells.filter(~whole)).str.replace_all(_STRAY_WORD, ""))
    )


def _plain_document(cells: pl.Series) -> pl.Series:
    # In RTF the end of a line in the file ends a control word and means nothing else.
    texts = _replace(cells, _KEPT).str.replace_all(r"(\\[a-zA-Z]+-?[0-9]*)[\r\n]+", "$1 ")
    texts = texts.str.replace_all(r"[\r\n]+", "").str.replace_all(_GROUP, "")
    texts = _plain_lines(texts).str.replace_all(_ANY_WORD, "")
    return _replace(texts, {kept: sign[1] for sign, kept in _KEPT.items()})


def _plain_lines(cells: pl.Series) -> pl.Series:
    """Write out signs, line ends and, as tabs, blanks: a space could end the control word before."""
    texts = _replace(_without_unicode(cells), _BYTES)
    for word, sign in _SIGNS.items():
        texts = texts.str.replace_all(rf"\{word}\b ?", sign)
    texts = texts.str.replace_all(r"\\(?:par|line|row|sect|page)\b ?", "\n")
    return texts.str.replace_all(r"\\(?:tab|cell)\b ?|\\~", "\t")


def _without_unicode(cells: pl.Series) -> pl.Series:
    found = cells.str.extract_all(_UNICODE).explode().drop_nulls().unique()
    return _replace(cells, {code: _sign(code) for code in found})


def _sign(code: str) -> str:
    r"""Return the sign of a code such as ``\u8217?``; RTF counts above 32,767 as negative."""
    number = _CODE.match(code)
    sign = chr(int(number[1]) % 0x10000) if number else ""
    return "" if "\ud800" <= sign <= "\udfff" else sign


def _replace(cells: pl.Series, pairs: dict[str, str]) -> pl.Series:
    if not pairs:
        return cells
    longest = sorted(pairs, key=len, reverse=True)
    texts = pl.col("text").str.replace_many(longest, [pairs[code] for code in longest], leftmost=True)
    return cells.alias("text").to_frame().select(texts).to_series().alias(cells.name)
