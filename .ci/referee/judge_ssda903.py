# noqa: INP001 - a script, not a package
"""List what csc-validator-be-903 says of looked-after returns: `judge_ssda903.py FOLDER`.

Runs in the referee's own environment. It says how many, never which: codes of rules and counts alone.
"""

from __future__ import annotations

import contextlib
import copy
import io
import logging
import sys
import warnings
from collections import Counter
from pathlib import Path

from lac_validator import lac_validator
from lac_validator.lac_validator import LacValidator
from lac_validator.rules.ruleset_utils import get_year_ruleset

FIRST_RULES, LAST_RULES = 2023, 2027


def main(folder: Path) -> None:
    """List the rules that the returns of all authorities and years break, and those that were not judged."""
    logging.disable(logging.CRITICAL)
    warnings.filterwarnings("ignore")
    # Some rules write into the rows that they are given, and later rules would judge what was written.
    lac_validator.copy_datastore = copy.deepcopy
    total: Counter[str] = Counter()
    skipped: set[str] = set()
    failed: set[str] = set()
    for authority in sorted(path.parent for path in folder.glob("*/ssda903")):
        rows: Counter[str] = Counter()
        years = [int(path.name) for path in sorted(authority.glob("ssda903/*")) if path.is_dir()]
        judged = [year for year in years if FIRST_RULES <= year <= LAST_RULES]
        for year in judged:
            validator = validated(authority / "ssda903", year)
            rows += broken(validator)
            skipped |= set(validator.skips)
            failed |= set(validator.fails)
        sys.stdout.write(
            f"{authority.name}: {len(judged)} of {len(years)} years have rules, "
            f"{rows.total()} rows of {len(rows)} rules\n"
        )
        sys.stdout.flush()
        total += rows
    tell(total)
    sys.stdout.write(
        f"not judged in some year for want of a file: {len(skipped)} rules; not runnable: {len(failed)}\n"
    )


def validated(folder: Path, year: int) -> LacValidator:
    """Run the rules of a year on its files and those of the year before."""
    files = [
        {"name": path.name, "file_content": path.read_bytes(), "description": said}
        for said, name in (("This year", year), ("Prev year", year - 1))
        for path in sorted((folder / f"{name}").glob("*.csv"))
    ]
    # Invented postcodes lie in no authority, so which authority asks makes no difference.
    asks = {"collectionYear": str(year), "localAuthority": "invented"}
    # Some rules print rows.
    with contextlib.redirect_stdout(io.StringIO()):
        return LacValidator(metadata=asks, files=files, registry=get_year_ruleset(str(year)))


def broken(validator: LacValidator) -> Counter[str]:
    """Return how many rows break each rule."""
    rows: Counter[str] = Counter()
    for name, table in validator.ds_results.items():
        if name != "metadata" and not name.endswith("_last"):
            rows += Counter(
                {column[4:]: int(table[column].sum()) for column in table.columns if column[:4] == "ERR_"}
            )
    return rows


def tell(rows: Counter[str]) -> None:
    """List rules with the rows that break them and what they ask."""
    rules = {
        str(code): rule
        for year in range(FIRST_RULES, LAST_RULES + 1)
        for code, rule in get_year_ruleset(str(year)).items()
    }
    for code, count in rows.most_common():
        message = " ".join(rules[code].message.split()) if code in rules else ""
        sys.stdout.write(f"  {code:6} {count:6}  {message}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
