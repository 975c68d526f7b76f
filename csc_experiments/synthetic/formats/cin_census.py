"""An invented authority's children in need census returns (XML), one for each collection year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import polars as pl
from lxml import etree

from csc_experiments.synthetic.formats.cin_facts import Facts, gather_facts
from csc_experiments.synthetic.formats.cin_layouts import Layout, layout_of
from csc_experiments.synthetic.formats.cin_returns import facts_of_year, years_covered
from csc_experiments.synthetic.formats.upn import add_pupil_numbers, pupil_numbers
from csc_experiments.synthetic.settings import AuthoritySettings

_IDENTIFIERS = ("LAchildID", "UPN", "UPNunknown", "PersonBirthDate", "ExpectedPersonBirthDate")
_DETAILS = (
    "CINreferralDate", "ReferralSource", "PrimaryNeedCode", "CINclosureDate", "ReasonForClosure",
    "DateOfInitialCPC", "Assessments", "CINPlanDates", "Section47", "ReferralNFA", "ChildProtectionPlans",
)  # fmt: skip
_MODULES = {
    "Assessments": (
        "AssessmentActualStartDate", "AssessmentAuthorisationDate", "FactorsIdentifiedAtAssessment",
    ),
    "CINPlanDates": ("CINPlanStartDate", "CINPlanEndDate"),
    "Section47": ("S47ActualStartDate", "InitialCPCtarget", "DateOfInitialCPC", "ICPCnotRequired"),
    "ChildProtectionPlans": (
        "CPPstartDate", "CPPendDate", "InitialCategoryOfAbuse", "LatestCategoryOfAbuse",
        "NumberOfPreviousCPP", "Reviews",
    ),
}  # fmt: skip
_INSIDE = {
    "Disabilities": "Disability",
    "FactorsIdentifiedAtAssessment": "AssessmentFactors",
    "Reviews": "CPPreviewDate",
}

Row = dict[str, object]
Rows = Mapping[str, list[Row]]


def write_cin_census(
    tables: Mapping[str, pl.DataFrame], settings: AuthoritySettings, seed: int, folder: Path
) -> list[Path]:
    """Write the returns of every collection year that the records cover wholly.

    Each return tells what the authority knew on its 31 March, in the layout and the codes of its year.

    Parameters
    ----------
    tables : Mapping[str, polars.DataFrame]
        Standard tables, as `simulate(settings, seed)` gives them. Documents are not needed.
    settings : AuthoritySettings
        What the authority is like.
    seed : int
        0 or more; it decides on pupil numbers.
    folder : pathlib.Path
        Made if it is not there.

    Returns
    -------
    list of pathlib.Path
        ``CIN_census_<year>.xml`` by year. A year in which nobody was known has none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    facts, pupils = gather_facts(tables, seed), pupil_numbers(tables["ssd_person"], settings.lea, seed)
    written: list[Path] = []
    for year in years_covered(settings.first_day, settings.last_day):
        known = facts_of_year(facts, year, settings.last_day)
        children = add_pupil_numbers(known.children, pupils, seed, date(year, 3, 31))
        if children.height:
            path = folder / f"CIN_census_{year}.xml"
            _write(path, _header(settings.lea, year), _children(children, known, layout_of(year)))
            written.append(path)
    return written


def _write(path: Path, header: etree._Element, children: Iterator[etree._Element]) -> None:
    """Write child by child, so that memory does not grow with the return."""
    with etree.xmlfile(str(path), encoding="utf-8") as file:
        file.write_declaration()
        with file.element("Message"):
            file.write(header, pretty_print=True)
            with file.element("Children"):
                for child in children:
                    file.write(child, pretty_print=True)


def _header(number: str, year: int) -> etree._Element:
    header = etree.Element("Header")
    collection: Row = {"Collection": "CIN", "Year": year, "ReferenceDate": date(year, 3, 31)}
    source: Row = {
        "SourceLevel": "L",
        "LEA": number,
        "SoftwareCode": "csc-experiments",
        "SerialNo": "001",
        "DateTime": f"{year}-06-30T12:00:00",
    }
    _append(header, "CollectionDetails", collection, tuple(collection))
    _append(header, "Source", source, tuple(source))
    return header


def _children(children: pl.DataFrame, facts: Facts, layout: Layout) -> Iterator[etree._Element]:
    details = _rows(_in_codes(facts.details, layout), "person")
    modules = {
        name: _rows(_in_codes(frame, layout), "referral")
        for name, frame in facts.modules.items()
        if layout.has_cin_plans or name != "CINPlanDates"
    }
    children = _in_codes(children.rename({"Sex": layout.sex}), layout)
    for row in children.with_columns(LAchildID="person").iter_rows(named=True):
        child = etree.Element("Child")
        _append(child, "ChildIdentifiers", row, (*_IDENTIFIERS, layout.sex, "PersonDeathDate"))
        _append(child, "ChildCharacteristics", row, ("Ethnicity", "Disabilities"))
        for referral in details[str(row["person"])]:
            inside = {name: rows.get(str(referral["referral"]), []) for name, rows in modules.items()}
            _append(child, "CINdetails", {**referral, **inside}, _DETAILS)
        yield child


def _rows(frame: pl.DataFrame, key: str) -> Rows:
    rows: Rows = frame.rows_by_key(key, named=True, include_key=True)
    return rows


def _in_codes(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Put the codes of the layout's year in the place of later ones; two that become one are written once."""
    columns = {name: codes for name, codes in layout.codes.items() if name in frame.columns}
    frame = frame.with_columns(pl.col(name).replace(codes) for name, codes in columns.items())
    for name, inside in _INSIDE.items():
        if name in frame.columns and inside in layout.codes:
            codes = pl.element().replace(layout.codes[inside])
            frame = frame.with_columns(pl.col(name).list.eval(codes).list.unique(maintain_order=True))
    return frame


def _append(parent: etree._Element, name: str, row: Mapping[str, object], order: tuple[str, ...]) -> None:
    """Add an element that holds what a row has, in order; what is missing is left out."""
    element = etree.SubElement(parent, name)
    for part in order:
        value = row.get(part)
        if part in _MODULES and isinstance(value, list):
            for module in value:
                _append(element, part, module, _MODULES[part])
        elif isinstance(value, list) and value:
            _fill(etree.SubElement(element, part), _INSIDE[part], value)
        elif value is not None and not isinstance(value, list):
            etree.SubElement(element, part).text = str(value)


def _fill(element: etree._Element, name: str, values: list[object]) -> None:
    for value in values:
        etree.SubElement(element, name).text = str(value)
