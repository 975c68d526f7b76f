"""Reading the elements of a children in need census: which are known, and what their cells hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import polars as pl
from lxml.etree import _Element

from csc_experiments.records.codes import CODE_SETS
from csc_experiments.records.dates import parse_iso_date
from csc_experiments.records.rejects import REJECTS_SCHEMA, Reason, Reject, rejects_frame
from csc_experiments.records.tables import TABLES

Cell = str | date | int | None

# The elements of the returns of 2017 to 2026. Those that are read nowhere have no standard column.
_CONTAINERS = {
    "Child": "ChildIdentifiers ChildCharacteristics CINdetails",
    "ChildIdentifiers": "LAchildID UPN FormerUPN UPNunknown PersonBirthDate ExpectedPersonBirthDate "
    "GenderCurrent Sex PersonDeathDate",
    "ChildCharacteristics": "Ethnicity Disabilities",
    "Disabilities": "Disability",
    "CINdetails": "CINreferralDate ReferralSource PrimaryNeedCode CINclosureDate ReasonForClosure "
    "DateOfInitialCPC Assessments CINPlanDates Section47 ReferralNFA ChildProtectionPlans",
    "Assessments": "AssessmentActualStartDate AssessmentInternalReviewDate AssessmentAuthorisationDate "
    "FactorsIdentifiedAtAssessment",
    "FactorsIdentifiedAtAssessment": "AssessmentFactors",
    "CINPlanDates": "CINPlanStartDate CINPlanEndDate",
    "Section47": "S47ActualStartDate InitialCPCtarget DateOfInitialCPC ICPCnotRequired",
    "ChildProtectionPlans": "CPPstartDate CPPendDate InitialCategoryOfAbuse LatestCategoryOfAbuse "
    "NumberOfPreviousCPP Reviews",
    "Reviews": "CPPreviewDate",
}
_KNOWN = {name: frozenset(parts.split()) for name, parts in _CONTAINERS.items()}
_MANY = frozenset({*_CONTAINERS, "Disability", "AssessmentFactors", "CPPreviewDate"})
_ONCE = {
    "ssd_person": ("pers_person_id",),
    "ssd_disability": ("disa_person_id", "disa_disability_code"),
}
"""What can be said once of a child."""
_CHILD = "place of the child in the file"
_BOOLEANS = {"true": "Y", "1": "Y", "false": "N", "0": "N"}


class Parts(NamedTuple):
    """What stands inside an element, by name without its namespace.

    Attributes
    ----------
    many : dict of str to list of lxml element
        Of names that may stand there several times, or that hold more than a text.
    text : dict of str to str or None
        Of names that stand there once; None where there is nothing but blanks.
    """

    many: defaultdict[str, list[_Element]]
    text: dict[str, str | None]


class CensusCells:
    """Rows of the standard tables as a census fills them, and what could not be used.

    Attributes
    ----------
    children : int
        How many `Child` elements were seen.
    ignored : int
        Elements that no known layout has in their place.
    rejects : list of Reject
        Cells that were set aside; the row is the child's place in the file.
    """

    def __init__(self) -> None:
        self.children = 0
        self.ignored = 0
        self.rejects: list[Reject] = []
        self._schemas = {name: {**table.schema, _CHILD: pl.Int64()} for name, table in TABLES.items()}
        self._frames = {name: [pl.DataFrame(schema=schema)] for name, schema in self._schemas.items()}
        self._rows: dict[str, list[dict[str, Cell]]] = {name: [] for name in TABLES}

    def tables(self) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
        """Return every standard table, empty where a census has nothing for it, and all that was set aside.

        What is said of a child for a second time is set aside only now.
        """
        self._pack()
        tables = {name: pl.concat(self._frames.pop(name)) for name in TABLES}
        rejects = [rejects_frame(self.rejects)]
        for name, key in _ONCE.items():
            first = tables[name].select(pl.struct(key).is_first_distinct()).to_series()
            if not first.all():
                rejects.append(_repeated(name, key[-1], tables[name].filter(~first)[_CHILD]))
                tables[name] = tables[name].filter(first)
        return {name: frame.drop(_CHILD) for name, frame in tables.items()}, pl.concat(rejects)

    def _add(self, table: str, **cells: Cell) -> None:
        cells[_CHILD] = self.children
        self._rows[table].append(cells)

    def _pack(self) -> None:
        """Put the rows that are there into frames, which take far less memory."""
        for name, rows in self._rows.items():
            if rows:
                self._frames[name].append(pl.from_dicts(rows, schema=self._schemas[name]))
                rows.clear()

    def _reject(self, table: str, column: str, reason: Reason) -> None:
        self.rejects.append((table, self.children, column, reason))

    def _parts(self, name: str, elements: Iterable[_Element]) -> Parts:
        """Group what stands inside elements of one name; count what no layout has there."""
        known = _KNOWN[name]
        many: defaultdict[str, list[_Element]] = defaultdict(list)
        text: dict[str, str | None] = {}
        for element in elements:
            for part in element:
                tag = part.tag
                local = tag if tag in known else tag.rpartition("}")[2]
                if local in _MANY and local in known:
                    many[local].append(part)
                elif local in known and local not in text:
                    said = part.text
                    text[local] = (said.strip() or None) if said else None
                else:
                    self.ignored += 1
        return Parts(many, text)

    def _date(self, table: str, column: str, text: str | None) -> date | None:
        day = parse_iso_date(text) if text else None
        if text and day is None:
            self._reject(table, column, Reason.NOT_A_DATE)
        return day

    def _required_date(self, table: str, column: str, text: str | None) -> date | None:
        if text is None:
            self._reject(table, column, Reason.MISSING)
        return self._date(table, column, text)

    def _code(self, table: str, column: str, text: str | None) -> str | None:
        code = text.upper() if text else None
        if code is None or code in CODE_SETS[column]:
            return code
        self._reject(table, column, Reason.NOT_A_CODE)
        return None

    def _flag(self, table: str, column: str, text: str | None) -> str | None:
        flag = _BOOLEANS.get(text.lower()) if text else None
        if text and flag is None:
            self._reject(table, column, Reason.NOT_A_FLAG)
        return flag


def _repeated(table: str, column: str, children: pl.Series) -> pl.DataFrame:
    return pl.DataFrame(
        {"table": table, "row": children, "column": column, "reason": str(Reason.REPEATED)},
        schema=REJECTS_SCHEMA,
    )


def content(element: _Element) -> str | None:
    """Return the text of an element; None if it holds nothing but blanks."""
    return (element.text or "").strip() or None
