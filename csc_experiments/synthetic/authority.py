"""An invented authority, from its settings and a seed to its records."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from csc_experiments.errors import ConfigError
from csc_experiments.records import TABLES, Extract, conform, read_extract, write_records
from csc_experiments.records.store import EXTRACT_FILE
from csc_experiments.synthetic.documents import document_table
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.simulation import simulate_lives

_SOURCE = "invented authority"


def simulate(settings: AuthoritySettings, seed: int) -> dict[str, pl.DataFrame]:
    """Invent an authority's records.

    Families live with a latent need that lasts and drifts. Need brings contacts; workers, who see it
    imperfectly, turn some contacts into referrals, some referrals into plans and care. Nothing in the tables
    is drawn to fit an outcome: what predicts, predicts because need persists.

    Parameters
    ----------
    settings : AuthoritySettings
        What the authority is like.
    seed : int
        0 or more; the same settings and seed give identical tables.

    Returns
    -------
    dict of str to polars.DataFrame
        Every table of `csc_experiments.records.TABLES`, with its standard columns.

    Examples
    --------
    >>> tables = simulate(AuthoritySettings(authority="la1", children=40, years=2), seed=1)
    >>> sorted(tables) == sorted(TABLES)
    True
    """
    lives = simulate_lives(settings, seed)
    documents = document_table(
        settings, seed, lives.people, lives.cases, true=lives.true, person=lives.person
    )
    tables = {**lives.tables, "documents": documents}
    return {name: conform(name, tables[name], name) for name in TABLES}


def write_authority(settings: AuthoritySettings, seed: int, folder: Path) -> Extract:
    """Invent an authority and write its records folder.

    Returns
    -------
    Extract
        As `csc_experiments.records.read_extract(folder)` gives it.

    Raises
    ------
    ConfigError
        If there is anything at that place but invented records.
    """
    if not _free(folder):
        raise ConfigError(
            f"{folder} holds something that was not invented.", todo="Give another folder with --out."
        )
    return write_records(
        folder,
        authority=settings.authority,
        extract_date=settings.last_day,
        coverage=(settings.first_day, settings.last_day),
        sources=(f"{_SOURCE}, seed {seed}",),
        tables=simulate(settings, seed),
    )


def _free(folder: Path) -> bool:
    """Whether nothing but invented records would be replaced."""
    if not folder.exists():
        return True
    if not (folder / EXTRACT_FILE).is_file():
        return folder.is_dir() and not any(folder.iterdir())
    sources = read_extract(folder).sources
    return bool(sources) and all(source.startswith(_SOURCE) for source in sources)
