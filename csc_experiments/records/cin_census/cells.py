"""Reading the elements of a children in need census: which are known, and what their cells hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import polars as pl
from lxml.etree import _Element

from csc_experiments.records.codes import CODE_SETS
from csc_experiments.records.dates import parse_iso_date
from csc_experiments.records.rejects import Reason, Reject
from csc_experiments.records.tables import TABLES

Parts = defaultdict[str, list[_Element]]
Cell = str | date | None

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
_BOOLEANS = {"true": "Y", "1": "Y", "false": "N", "0": "N"}


class CensusCells:
    """Rows of the standard tables as a census fills them, and what could not be used.

    Attributes
    ----------
    children : int
        How many `Child` elements were seen.
    ignored : int
        Elements that no known layout has in their place.
    rejects : list of Reject
        What was set aside; the row is the child's place in the file.
    """

    def __init__(self) -> None:
        self.children = 0
        self.ignored = 0
        self.rejects: list[Reject] = []
        self._columns: dict[str, dict[str, list[Cell]]] = {
            name: {column: [] for column in table.columns} for name, table in TABLES.items()
        }
        self._seen: set[tuple[str, str]] = set()

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return every standard table, empty where a census has nothing for it."""
        return {
            name: pl.DataFrame(self._columns[name], schema=table.schema) for name, table in TABLES.items()
        }

    def _add(self, table: str, **cells: Cell) -> None:
        for column, values in self._columns[table].items():
            values.append(cells.get(column))

    def _reject(self, table: str, column: str, reason: Reason) -> None:
        self.rejects.append((table, self.children, column, reason))

    def _is_repeated(self, table: str, column: str, key: str) -> bool:
        if (table, key) in self._seen:
            self._reject(table, column, Reason.REPEATED)
            return True
        self._seen.add((table, key))
        return False

    def _parts(self, name: str, elements: Iterable[_Element]) -> Parts:
        """Group what stands inside elements of one name; count what no layout has there."""
        known = _KNOWN[name]
        parts: defaultdict[str, list[_Element]] = defaultdict(list)
        for element in elements:
            for part in element:
                tag = part.tag
                local = tag if tag in known else tag.rpartition("}")[2]
                if local in known and (local in _MANY or local not in parts):
                    parts[local].append(part)
                else:
                    self.ignored += 1
        return parts

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


def content(element: _Element) -> str | None:
    """Return the text of an element; None if it holds nothing but blanks."""
    return (element.text or "").strip() or None


def text_of(parts: Parts, name: str) -> str | None:
    """Return what a single element holds; None if it is absent or empty."""
    found = parts.get(name)
    return content(found[0]) if found else None
