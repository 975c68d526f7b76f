"""Rows of a list of Annex A become rows of the standard tables."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from csc_experiments.records.annex_a.cells import spell
from csc_experiments.records.annex_a.parts import START, Part
from csc_experiments.records.annex_a.sheets import ListSheet
from csc_experiments.records.codes import CODE_SETS
from csc_experiments.records.judging import read_table
from csc_experiments.records.rejects import Reason
from csc_experiments.records.tables import TABLES, Kind

Read = tuple[pl.DataFrame, pl.DataFrame]
"""A standard table, and what was set aside."""

_PERSON, _DISABILITY = TABLES["ssd_person"], TABLES["ssd_disability"]
_TRAITS = {"pers_sex": "sex", "pers_ethnicity": "ethnicity", "pers_dob": "born"}
# A list says whether a child has a disability, not which: that is the code for one that has no other.
_DISABILITY_CODE = {"Y": "DDA", "N": "NONE"}


def read_part(sheet: ListSheet, part: Part, origin: str) -> Read:
    """Read what a list gives to one standard table; of rows with one identifier the first counts.

    Parameters
    ----------
    sheet : ListSheet
    part : Part
    origin : str
        The file and the list, to name in an error.

    Raises
    ------
    InvalidDateError
        If more than half of the days are not dates.
    """
    table = TABLES[part.table]
    told = pl.Series([True] * len(sheet.lines), dtype=pl.Boolean())
    if part.since != START:
        told = sheet.cells[part.since].is_not_null()
    cells, lines = sheet.cells.filter(told), sheet.lines.filter(told)
    sources = {part.day: part.since, **part.cells, **part.opposite}
    spelt = [spell(cells[field], table.columns[column], column) for column, field in sources.items()]
    text = pl.DataFrame([cells["child"].alias(part.person), *spelt]).with_columns(
        *(pl.col(column).replace({"Y": "N", "N": "Y"}) for column in part.opposite),
        *(pl.lit(value).alias(column) for column, value in part.fixed.items()),
    )
    text = text.with_columns(_identifier(cells, part, column, words) for column, words in part.ids.items())
    own = next(iter(part.ids))
    usable = pl.all_horizontal(pl.col(part.person, part.day).is_not_null())
    again = text.select(usable & ~pl.col(own).is_first_distinct()).to_series()
    called = _called(sheet, sources)
    frame, rejected = read_table(text.filter(~again), table, origin, called)
    return frame, pl.concat(
        [_at_lines(rejected, lines.filter(~again)), _repeats(part.table, own, lines, again)]
    )


def read_people(sheet: ListSheet, origin: str) -> Read:
    """Read who the children of a list are, each once.

    Raises
    ------
    InvalidDateError
        If more than half of the dates of birth are not dates.
    """
    cells = sheet.cells
    unborn = cells["age"].cast(pl.Float64, strict=False).fill_null(0) < 0
    text = pl.DataFrame(
        [
            cells["child"].alias("pers_person_id"),
            *(spell(cells[field], _PERSON.columns[column], column) for column, field in _TRAITS.items()),
        ]
    ).with_columns(
        pers_dob=pl.when(~pl.lit(unborn)).then("pers_dob"),
        pers_expected_dob=pl.when(pl.lit(unborn)).then("pers_dob"),
    )
    first = text.select(pl.struct(pl.all()).is_first_distinct()).to_series()
    called = _called(sheet, {**_TRAITS, "pers_expected_dob": "born"})
    read = read_table(text.filter(first), _PERSON, origin, called)
    return _without_repeats(read, sheet.lines.filter(first))


def read_disabilities(sheet: ListSheet, origin: str) -> Read:
    """Read which children of a list have a disability, and which have none."""
    said = spell(sheet.cells["disabled"], Kind.FLAG, "disa_disability_code").replace(_DISABILITY_CODE)
    child = sheet.cells["child"]
    told = said.is_not_null() & child.is_not_null()
    text = pl.DataFrame([child.alias("disa_person_id"), said]).filter(told)
    text = text.with_columns(disa_table_id=pl.format("D-{}", "disa_person_id"))
    return _without_repeats(read_table(text, _DISABILITY, origin), sheet.lines.filter(told))


def _called(sheet: ListSheet, sources: Mapping[str, str]) -> dict[str, str]:
    """Say what the sheet calls the columns that fill standard ones."""
    return {column: sheet.headings[field] for column, field in sources.items() if field in sheet.headings}


def _identifier(cells: pl.DataFrame, part: Part, column: str, words: str) -> pl.Series:
    """Make identifiers of a letter, the child and fields; nothing but dates and codes gets into one."""
    letter, *fields = words.split()
    texts = [cells["child"], *(_stable(cells[field], field, part) for field in fields)]
    parts = pl.DataFrame([text.fill_null("").alias(f"{at}") for at, text in enumerate(texts)])
    return parts.select(pl.concat_str(pl.lit(letter), pl.all(), separator="-").alias(column)).to_series()


def _stable(cells: pl.Series, field: str, part: Part) -> pl.Series:
    column = next((column for column, filled in part.cells.items() if filled == field), part.day)
    if TABLES[part.table].columns[column] is Kind.CODE:
        codes = spell(cells, Kind.CODE, column)
        return codes.set(~codes.is_in(sorted(CODE_SETS[column])), None)
    return spell(cells, Kind.DATE, column).str.extract(r"^([0-9]{4}-[0-9]{2}-[0-9]{2})")


def _at_lines(rejected: pl.DataFrame, lines: pl.Series) -> pl.DataFrame:
    """Say on which line of the sheet a row stood."""
    return rejected.with_columns(row=lines.gather(rejected["row"] - 1))


def _repeats(table: str, column: str, lines: pl.Series, again: pl.Series) -> pl.DataFrame:
    place = pl.lit(table).alias("table"), pl.col("row"), pl.lit(column).alias("column")
    repeated = lines.filter(again).alias("row").to_frame()
    return repeated.select(*place, reason=pl.lit(str(Reason.REPEATED)))


def _without_repeats(read: Read, lines: pl.Series) -> Read:
    """Leave out that a child stands there again, which many do: what a child's rows differ in has a table."""
    frame, rejected = read
    return frame, _at_lines(rejected.filter(pl.col("reason") != str(Reason.REPEATED)), lines)
