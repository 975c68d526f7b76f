"""An invented authority in the formats that real ones use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from csc_experiments.errors import ConfigError
from csc_experiments.records.ssd.database import database_url
from csc_experiments.synthetic.formats import documents as document_files
from csc_experiments.synthetic.formats.annex_a import write_annex_a
from csc_experiments.synthetic.formats.cin_census import write_cin_census
from csc_experiments.synthetic.formats.dirt import KINDS, soil
from csc_experiments.synthetic.formats.ssd import (
    write_ssd_csv,
    write_ssd_parquet,
    write_ssd_postgresql,
)
from csc_experiments.synthetic.formats.ssda903 import write_ssda903
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.simulation import Simulation, simulate_lives
from csc_experiments.synthetic.writing import write_answers, write_documents

Tables = Mapping[str, pl.DataFrame]
Writer = Callable[[AuthoritySettings, int, Simulation, Path], list[Path]]


@dataclass(frozen=True, slots=True)
class Export:
    """What an export wrote.

    Attributes
    ----------
    places : tuple of str
        Files, or the tables of a database.
    planted : dict of str to int
        How many of each oddity were planted; empty for a clean export.
    """

    places: tuple[str, ...]
    planted: dict[str, int]


def _with_tables(write: Callable[[Tables, AuthoritySettings, int, Path], list[Path]]) -> Writer:
    """Give a writer all tables but the documents, which it does not need."""

    def written(settings: AuthoritySettings, seed: int, lives: Simulation, folder: Path) -> list[Path]:
        return write(lives.standard_tables(), settings, seed, folder)

    return written


def _rows(settings: AuthoritySettings, seed: int, lives: Simulation, folder: Path) -> list[Path]:
    parts = (written.documents for written in write_documents(settings, seed, lives))
    return document_files.write_documents(parts, folder)


def _answers(settings: AuthoritySettings, seed: int, lives: Simulation, folder: Path) -> list[Path]:
    return document_files.write_answers(write_answers(settings, seed, lives), settings, seed, folder)


FILES: Mapping[str, Writer] = MappingProxyType(
    {
        "ssd_csv": _with_tables(write_ssd_csv),
        "ssd_parquet": _with_tables(write_ssd_parquet),
        "cin_census": _with_tables(write_cin_census),
        "ssda903": _with_tables(write_ssda903),
        "annex_a": _with_tables(write_annex_a),
        "documents": _rows,
        "answers": _answers,
    }
)
DATABASE = "ssd_postgresql"
_DIRT = {"ssd_csv": "ssd", **{name: name for name in FILES if name in KINDS}}


def export(name: str, settings: AuthoritySettings, seed: int, folder: Path) -> Export:
    """Invent an authority and write it in one of the formats of `FILES`, or to `DATABASE`.

    Parameters
    ----------
    name : str
        Of `FILES`, or `DATABASE`.
    settings : AuthoritySettings
    seed : int
    folder : pathlib.Path
        Must be empty or not there. For a database `CSC_DATABASE_URL` in the environment counts instead.

    Raises
    ------
    ConfigError
        If there is something at that place, or no database is named.
    """
    if name == DATABASE:
        url = database_url()
        tables = simulate_lives(settings, seed).standard_tables()
        return Export(tuple(write_ssd_postgresql(tables, settings, seed, url)), {})
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is not empty.", todo="Give another folder with --out.")
    paths = FILES[name](settings, seed, simulate_lives(settings, seed), folder)
    return Export(tuple(map(str, paths)), {})


def export_soiled(name: str, settings: AuthoritySettings, seed: int, folder: Path) -> Export:
    """Write as `export` does, then plant the oddities of real exports and count them.

    Raises
    ------
    ConfigError
        If the format has types of its own or is a database, and so keeps clean; or as `export` does.
    """
    if name not in _DIRT:
        raise ConfigError(f"--dirt cannot soil {name}.", todo=f"Choose one of {', '.join(_DIRT)}.")
    clean = export(name, settings, seed, folder)
    planted = soil(_DIRT[name], [Path(place) for place in clean.places], seed)
    return Export(clean.places, planted)
