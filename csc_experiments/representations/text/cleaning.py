"""Text as office software leaves it becomes lines of words and marks."""

from __future__ import annotations

import polars as pl

_MONTHS = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# "20 may be" is no date, "20 May" is one.
_MONTH = rf"(?:(?i:{_MONTHS})|May|MAY)\b"
_WEEKDAY = r"(?i:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?"
_NEVER_WORDS = (
    r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)*",  # e-mail addresses
    r"(?i:https?://|www\.)\S+",
    r"\b[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}\b",  # postcodes
    rf"\b{_WEEKDAY}\d{{1,2}}(?i:st|nd|rd|th)?(?i: of)? {_MONTH}(?: \d{{4}}\b)?",
    rf"\b{_MONTH} \d{{4}}\b",
    r"\b\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b",  # dates
    r"\b\d{1,2}[:.]\d{2}(?i: ?[ap]m)?\b",  # times
    r"\+?\d[\d ()-]{5,}\d",  # telephone and NHS numbers
    r"\w*\d{3,}\w*(?:[.,]\d+)*",
    r"\S{60,}",  # no word is so long: what an attachment leaves behind
)
# Boundaries of ASCII words let the engine read text of any alphabet at full speed.
_MASKED = "|".join(_NEVER_WORDS).replace(r"\b", r"(?-u:\b)").replace(r"\d", "[0-9]")
_COMPOSED = "[\u0300-\u036f\ufb00-\ufb06\uff01-\uff5e]"


def clean_lines(texts: pl.Series) -> pl.DataFrame:
    r"""Cut texts into their lines, without what can never be a word.

    Line ends of every system, and the marks that word processors put for them, end a line; a line of more
    than 40 letters that ends in the middle of a sentence, and goes on in lower case, was only wrapped. Other
    control characters part words as spaces do; invisible ones are taken out. E-mail addresses, links,
    postcodes, dates with their months, times, telephone numbers, numbers of three digits or more and what is
    too long for a word all become 0, so that texts which differ in them alone are the same text. Hyphens
    inside words become spaces, curly apostrophes straight ones. A line of more than 1,000 bytes, as exports
    leave that lose line ends, is cut at the ends of its sentences.

    Parameters
    ----------
    texts : polars.Series of str, length d

    Returns
    -------
    polars.DataFrame
        document (position in `texts`), text; in the order of the texts, empty lines left out.

    Examples
    --------
    >>> clean_lines(pl.Series(["Seen on 3 May 2021.\r\n\r\nRing 020 7946 0000!"]))["text"].to_list()
    ['Seen on 0 .', 'Ring 0 !']
    """
    lines = (
        _lines(_composed(texts))
        .str.replace_all(_MASKED, " 0 ")
        .str.replace_all(r"[\p{P}\p{S}]{4,}", " . ")
        .str.replace_all("(?-u:\\b)[\u002d\u2010\u2011](?-u:\\b)", " ")
        .str.replace_all(" {2,}", " ")
        .str.split("\n")
    )
    numbered = pl.DataFrame({"text": lines}).with_row_index("document")
    whole = numbered.explode("text", empty_as_null=True)
    return _cut_long(whole.with_columns(pl.col("text").str.strip_chars(" "))).filter(pl.col("text") != "")


def _composed(texts: pl.Series) -> pl.Series:
    """Put ligatures and letters with separate accents together, where a text has any."""
    apart = texts.str.contains(_COMPOSED).fill_null(value=False)
    if not apart.any():
        return texts
    at = apart.arg_true()
    return texts.clone().scatter(at, texts.gather(at).str.normalize("NFKC"))


def _lines(texts: pl.Series) -> pl.Series:
    return (
        texts.fill_null("")
        .str.replace_all("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "\n")
        .str.replace_all(r"\p{Cf}", "")
        .str.replace_all("[\u2018\u2019\u02bc\u00b4]", "'")
        .str.replace_all(r"[\p{Cc}\p{Zs}--[\n ]]", " ")
        .str.replace_all(" {2,}", " ")
        .str.replace_all(r"([^\n]{40}[^\n.!?:;])\n ?(\p{Ll})", "$1 $2")
    )


def _cut_long(lines: pl.DataFrame) -> pl.DataFrame:
    long = pl.col("text").str.len_bytes() > 1000  # noqa: PLR2004 - said above
    if not lines.select(long.any()).item():
        return lines
    sentences = pl.col("text").str.replace_all("([.!?][\"')\u201d]?) +(\\p{Lu})", "$1\n$2")
    cut = pl.when(long).then(sentences).otherwise("text").str.split("\n")
    return lines.with_columns(text=cut).explode("text", empty_as_null=True)
