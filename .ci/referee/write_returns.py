# noqa: INP001 - a script, not a package
"""Invent each authority at the referee's scale, and write its returns: `write_returns.py FOLDER`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from csc_experiments.synthetic import AuthoritySettings, settings_from
from csc_experiments.synthetic.formats.cin_census import write_cin_census
from csc_experiments.synthetic.formats.ssda903 import write_ssda903
from csc_experiments.synthetic.simulation import simulate_lives

SEED = 1
# The referee's reader is quadratic: about 300 children in a return are read in seconds, thousands in minutes.
KNOWN_A_YEAR = 300
# An authority's own years may not reach every layout, so the first is invented again with other last days.
OTHER_LAST_DAYS = (date(2020, 3, 31), date(2026, 3, 31))
YEARS_OF_OTHERS = 4
_DATASETS = Path(__file__).parents[2] / "conf" / "dataset"


def main(folder: Path) -> None:
    """Write ``<authority>/cin_census`` and ``<authority>/ssda903`` for each invented authority."""
    for name, settings in _authorities():
        # Returns need no documents, which take most of the time.
        tables = simulate_lives(settings, SEED).standard_tables()
        returns = write_cin_census(tables, settings, SEED, folder / name / "cin_census")
        files = write_ssda903(tables, settings, SEED, folder / name / "ssda903")
        sys.stdout.write(f"{name}: {len(returns)} census returns, {len(files)} files of SSDA903\n")
        sys.stdout.flush()


def _authorities() -> Iterator[tuple[str, AuthoritySettings]]:
    for number, path in enumerate(sorted(_DATASETS.glob("la[0-9]*.yaml"))):
        dataset = yaml.safe_load(path.read_text(encoding="utf-8"))
        knobs = dict(dataset["synthetic"])
        own = settings_from(dataset["authority"], knobs)
        knobs["children"] = KNOWN_A_YEAR * own.years
        yield own.authority, settings_from(own.authority, knobs)
        if number == 0:
            knobs |= {"years": YEARS_OF_OTHERS, "children": KNOWN_A_YEAR * YEARS_OF_OTHERS}
            for last_day in OTHER_LAST_DAYS:
                moved = settings_from(own.authority, {**knobs, "last_day": last_day})
                yield f"{own.authority} to {last_day.year}", moved


if __name__ == "__main__":
    main(Path(sys.argv[1]))
