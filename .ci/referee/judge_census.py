# noqa: INP001 - a script, not a package
"""Judge census returns with csc-validator-be-cin and the published schemas: `judge_census.py FOLDER`.

Runs in the referee's own environment. It says how many, never which: codes of rules and counts alone.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree as ET

from cin_validator.cin_validator import CinValidator, convert_data, process_data
from cin_validator.rules.ruleset_utils import get_year_ruleset
from lxml import etree

# Rules exist for the returns of these years; any other return is judged by the nearest.
FIRST_RULES, LAST_RULES = 2023, 2026
LAST_SCHEMA = 2024
# The schemas of this source refuse a first child protection plan, which has no plan before it.
TOO_STRICT, RIGHT = (
    b'"NumberOfPreviousCPP" type="xs:positiveInteger"',
    b'"NumberOfPreviousCPP" type="xs:integer"',
)
CRASHED = re.compile(r"^Error with rule (\w+):", re.MULTILINE)
# By rule: an element, and what it must not hold. If this breaks no rule, the referee is asleep.
FAULTS = {
    "1510": ("UPN", "I820000000000"),
    "8630": ("CINclosureDate", "1999-01-01"),
    "8866": ("ReferralSource", "11"),
}


@dataclass(frozen=True)
class Verdict:
    """What the referee says of one return: children concerned, by rule; whether the schema is kept to."""

    year: int
    children: int
    broken: Counter[str]
    crashed: tuple[str, ...]
    valid: bool | None

    @property
    def errors(self) -> Counter[str]:
        """Broken rules that are not queries, and rules that could not be run."""
        crashed = Counter(f"{code} (crashed)" for code in self.crashed)
        return (
            Counter({code: count for code, count in self.broken.items() if not code.endswith("Q")}) + crashed
        )

    @property
    def queries(self) -> Counter[str]:
        """Broken rules that ask for a reason."""
        return Counter({code: count for code, count in self.broken.items() if code.endswith("Q")})


def main(folder: Path) -> int:
    """Judge every return; 1 if one breaks a rule of kind Error or its schema, or if there is none."""
    verdicts: list[Verdict] = []
    for authority in sorted(path.parent for path in folder.glob("*/cin_census")):
        own = [judge(path) for path in sorted(authority.glob("cin_census/*.xml"))]
        say(authority.name, own)
        verdicts += own
    sys.stdout.write("Queries (children concerned, over all returns):\n")
    tell(sum((verdict.queries for verdict in verdicts), Counter()))
    wrong = sum(bool(verdict.errors) or verdict.valid is False for verdict in verdicts)
    sys.stdout.write(f"census: {len(verdicts)} returns, {wrong} of them wrong\n")
    return int(wrong > 0 or not verdicts)


def judge(path: Path) -> Verdict:
    """Run the rules of the nearest year, and the schema of the return's own year if there is one."""
    year = int(path.stem[-4:])
    root = ET.parse(path).getroot()  # noqa: S314 - written a moment ago by ourselves
    broken, crashed = broken_rules(root, year)
    return Verdict(year, len(root.findall(".//Child")), broken, crashed, is_valid(path, year))


def broken_rules(root: ET.Element, year: int) -> tuple[Counter[str], tuple[str, ...]]:
    """Return the children concerned by rule, and the rules that could not be run."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        judged = CinValidator(process_data(convert_data(root)), rules_of(year), None)
    children = judged.full_issue_df.groupby("rule_code")["child_id"].nunique()
    whole_return = judged.multichild_issues["rule_code"]
    broken = Counter({str(code): int(count) for code, count in children.items()})
    return broken + Counter(map(str, whole_return)), tuple(CRASHED.findall(said.getvalue()))


def rules_of(year: int) -> dict:
    """Return the rules of the nearest year that has any, by code."""
    return get_year_ruleset(str(min(max(year, FIRST_RULES), LAST_RULES)))


def is_valid(path: Path, year: int) -> bool | None:
    """Tell whether a return keeps to its schema; None if there is no schema of its year."""
    return None if year > LAST_SCHEMA else schema_of(year).validate(etree.parse(path))


@lru_cache
def schema_of(year: int) -> etree.XMLSchema:
    """Read a schema from the package that carries it; nothing of the package is run."""
    found = importlib.util.find_spec("liiatools")
    place = Path(found.submodule_search_locations[0], "spec", "cin_census", f"CIN_schema_{year}.xsd")
    return etree.XMLSchema(etree.fromstring(place.read_bytes().replace(TOO_STRICT, RIGHT)))


def say(name: str, verdicts: Iterable[Verdict]) -> None:
    """Tell of one authority."""
    verdicts = list(verdicts)
    errors = sum((verdict.errors for verdict in verdicts), Counter())
    checked = [verdict.valid for verdict in verdicts if verdict.valid is not None]
    children = sum(verdict.children for verdict in verdicts)
    sys.stdout.write(
        f"{name}: {verdicts[0].year}-{verdicts[-1].year}, {children} children, "
        f"{sum(errors.values())} Errors, {sum(checked)} of {len(checked)} valid by schema\n"
    )
    tell(errors)
    sys.stdout.flush()


def tell(broken: Counter[str]) -> None:
    """List rules with counts and what they ask."""
    rules = rules_of(LAST_RULES)
    for code, count in sorted(broken.items()):
        message = rules[code].message if code in rules else ""
        sys.stdout.write(f"  {code:6} {count:6}  {' '.join(message.split())}\n")


def check_awake(path: Path) -> None:
    """Stop if faults put into a return break no rule: then zero Errors would say nothing."""
    root = ET.parse(path).getroot()  # noqa: S314 - written a moment ago by ourselves
    for name, wrong in FAULTS.values():
        root.find(f".//{name}").text = wrong
    missed = set(FAULTS) - set(broken_rules(root, int(path.stem[-4:]))[0])
    if missed:
        sys.exit(f"The referee is asleep: planted faults broke no rule {', '.join(sorted(missed))}.")


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    check_awake(next(Path(sys.argv[1]).glob("*/cin_census/*.xml")))
    sys.exit(main(Path(sys.argv[1])))
