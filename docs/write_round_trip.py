"""Write what each format can carry: `python docs/write_round_trip.py` (a few minutes)."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from csc_experiments.config import compose_experiment
from csc_experiments.history.events import build_history
from csc_experiments.records import Extract, Records, read_records
from csc_experiments.records.importing import import_records
from csc_experiments.synthetic import AuthoritySettings, settings_from
from csc_experiments.synthetic.export import export
from csc_experiments.synthetic.simulation import simulate_lives

SEED, CHILDREN = 2020, 6000
PAGE = Path(__file__).parent / "round_trip.md"
FORMATS: Mapping[str, Sequence[str]] = {
    "SSD files": ("ssd_csv",),
    "CIN censuses": ("cin_census",),
    "SSDA903": ("ssda903",),
    "Annex A": ("annex_a",),
    "CIN + 903 + Annex A": ("cin_census", "ssda903", "annex_a"),
}
KEY = ("person", "time", "code")
PARTS = pl.col("code").str.split("//")
KIND = (
    pl.when(pl.col("code").str.contains("^(FACTOR|LEGAL_STATUS)//"))
    .then(PARTS.list.first())
    .otherwise(PARTS.list.head(2).list.join("//"))
)
HEAD = """# What each format can carry

la1 with {children:,} children over five years, written in each format by `csc-experiments synthesise`,
imported again and made into a history (`python docs/write_round_trip.py` writes this page). For each kind of
event within the coverage: how many there are, and the share of them that the import finds on the same day
with the same code; in brackets the share that it finds *and* counts as known from the same day, where that
is another. "More" are events that the import has and the authority did not, as a share of the true ones.

A PostgreSQL database holds the same tables as the SSD files, and a test starts one and compares the events.

"""
NOTES = """
## Why

- **A census** holds the children referred, and nothing of contacts, early help, care, times missing or
  workers; child in need plans only from the layout of 2022 on, and never the end of a section 47 enquiry. A
  code that a year's layout did not have yet is written as the nearest one, and counts as another event. A
  referral without further action stands in its own year's census only: that it was closed later is lost.
- **SSDA903** holds children looked after and nobody else. Of care that began before the first year it knows
  from the first episode that is told.
- **Annex A** holds the contacts, referrals, assessments, enquiries and plans of some months, and whoever is
  supported on the day. It has no day on which a referral without further action was closed, so that event
  stands on the day of the referral.
- **Together** they lack early help and contacts before the months of Annex A, and workers.
"""


def events_of(records: Records) -> pl.DataFrame:
    """Return the events inside the coverage by the children's own identifiers."""
    history = build_history(records)
    people = pl.concat(
        table.select(person=column)
        for table in records.tables.values()
        for column in table.columns
        if column.endswith("person_id")
    )
    numbers = people.drop_nulls().unique().sort("person").with_row_index("subject_id")
    first, last = records.extract.coverage_from, records.extract.coverage_to
    return (
        history.events.filter(pl.col("time").is_between(first, last))
        .join(numbers.with_columns(pl.col("subject_id").cast(pl.Int64)), on="subject_id")
        .select(*KEY, "known_time", kind=KIND)
        .unique()
    )


def imported(settings: AuthoritySettings, formats: Sequence[str], folder: Path) -> pl.DataFrame:
    """Write the authority in some formats and import them together."""
    for name in formats:
        if not (folder / name).exists():
            export(name, settings, SEED, folder / name)
    covers = (settings.first_day, settings.last_day)
    import_records(
        [folder / name for name in formats], folder / "records" / "la1", authority="la1", covers=covers
    )
    return events_of(read_records(folder / "records" / "la1"))


def shares(true: pl.DataFrame, read: pl.DataFrame) -> dict[str, str]:
    """Say for each kind of event how much of it came through."""
    found = true.join(read, on=KEY, how="left", suffix="_read")
    counted = found.group_by("kind").agg(
        whole=pl.struct(KEY).n_unique(),
        kept=pl.struct(KEY).filter(pl.col("known_time_read").is_not_null()).n_unique(),
        known=pl.struct(KEY).filter(pl.col("known_time_read") == pl.col("known_time")).n_unique(),
    )
    more = read.join(true, on=KEY, how="anti").group_by("kind").len()
    joined = counted.join(more, on="kind", how="left").with_columns(pl.col("len").fill_null(0))
    return {
        kind: _said(kept / whole, known / whole, extra / whole)
        for kind, whole, kept, known, extra in joined.iter_rows()
    }


def _said(kept: float, known: float, more: float) -> str:
    if kept == 0:
        return "none" if more == 0 else f"none; {_share(more)} more"
    said = _share(kept) if kept == known else f"{_share(kept)} ({_share(known)})"
    return f"{said}; {_share(more)} more" if more else said


def _share(part: float) -> str:
    """Write a share so that all means all and none means none."""
    return "all" if part == 1 else "<1%" if part < 0.01 else f"{min(part, 0.99):.0%}"  # noqa: PLR2004 - a per cent


def main() -> None:
    """Write the page."""
    knobs = dict(compose_experiment(["dataset=la1"]).dataset.synthetic or {}) | {"children": CHILDREN}
    settings = settings_from("la1", knobs)
    extract = Extract("la1", settings.last_day, settings.first_day, settings.last_day, ("invented",))
    true = events_of(Records(extract, simulate_lives(settings, SEED).standard_tables()))
    with tempfile.TemporaryDirectory() as folder:
        columns = {
            name: shares(true, imported(settings, formats, Path(folder))) for name, formats in FORMATS.items()
        }
    rows = true.group_by("kind").agg(pl.struct(KEY).n_unique()).sort("kind").rows()
    lines = [f"| event | in la1 | {' | '.join(FORMATS)} |", f"|---|---:|{'---|' * len(FORMATS)}"]
    lines += [
        f"| `{kind}` | {count:,} | {' | '.join(column.get(kind, 'none') for column in columns.values())} |"
        for kind, count in rows
    ]
    PAGE.write_text(HEAD.format(children=CHILDREN) + "\n".join(lines) + "\n" + NOTES, encoding="utf-8")


if __name__ == "__main__":
    main()
