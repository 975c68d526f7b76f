"""An invented authority, from its settings and a seed to its records."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import polars as pl

from csc_experiments.errors import ConfigError, CscError
from csc_experiments.provenance import code_version, digest
from csc_experiments.records import Extract, check_intact, conform, read_extract, write_records
from csc_experiments.records.parquet import FrameWriter
from csc_experiments.records.store import EXTRACT_FILE
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.simulation import simulate_lives
from csc_experiments.synthetic.writing import Written, canary_names, write_documents

SPANS_FILE = Path("gold") / "spans.parquet"
"""Where in each document somebody can be recognised: document_id, start, end, kind, role."""
CANARIES_FILE = Path("gold") / "canaries.txt"
"""Names that occur in this authority's documents and nowhere else, one a line."""
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
    >>> tables["documents"].is_empty()
    False
    """
    lives = simulate_lives(settings, seed)
    tables = lives.standard_tables()
    written = [part.documents for part in write_documents(settings, seed, lives, workers=1)]
    return {
        **tables,
        "documents": conform("documents", pl.concat([tables["documents"], *written]), "documents"),
    }


def write_authority(
    settings: AuthoritySettings, seed: int, folder: Path, *, workers: int | None = None
) -> Extract:
    """Invent an authority and write its records folder, documents and their gold as they are made.

    What stands there already, made by the same code from the same settings and seed, is left as it is.

    Parameters
    ----------
    workers : int, optional
        Processes that write documents; by default one for a small authority, and as many as there are
        processors for a large one. The files do not depend on it.

    Returns
    -------
    Extract
        As `csc_experiments.records.read_extract(folder)` gives it. `SPANS_FILE` and `CANARIES_FILE` stand
        in the folder beside the records, and are no part of them.

    Raises
    ------
    ConfigError
        If there is anything at that place but invented records.
    """
    if not _free(folder):
        raise ConfigError(
            f"{folder} holds something that was not invented.", todo="Give another folder with --out."
        )
    source = _source(settings, seed)
    if _stands(folder, source):
        return read_extract(folder)
    lives = simulate_lives(settings, seed)
    place = folder.resolve().parent
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=f".{folder.name}-gold-") as made:
        gold = _Gold(settings.authority, Path(made) / SPANS_FILE.name)
        documents = gold.kept(write_documents(settings, seed, lives, workers=workers))
        return write_records(
            folder,
            authority=settings.authority,
            extract_date=settings.last_day,
            coverage=(settings.first_day, settings.last_day),
            sources=(source,),
            tables={**lives.tables, "documents": documents},
            beside=gold.put_into,
        )


class _Gold:
    """What is known about the documents of an authority, kept while they are written."""

    def __init__(self, authority: str, spans: Path) -> None:
        self._authority = authority
        self._spans = spans
        self._canaries: set[str] = set()

    def kept(self, stream: Iterable[Written]) -> Iterator[pl.DataFrame]:
        """Hand on documents and write down their spans."""
        with FrameWriter(self._spans) as writer:
            for written in stream:
                writer.write(written.spans)
                self._canaries |= written.canaries
                yield written.documents

    def put_into(self, folder: Path) -> None:
        """Move the files to where they belong."""
        (folder / SPANS_FILE).parent.mkdir()
        if self._spans.exists():
            self._spans.rename(folder / SPANS_FILE)
        names = [name for name in canary_names(self._authority) if name in self._canaries]
        (folder / CANARIES_FILE).write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def _source(settings: AuthoritySettings, seed: int) -> str:
    """Say what the records follow from; the recipe is one hash of the settings and the code."""
    recipe = digest([{key: str(value) for key, value in asdict(settings).items()}, code_version("synthetic")])
    return f"{_SOURCE}, seed {seed}, recipe {recipe}"


def _stands(folder: Path, source: str) -> bool:
    """Whether the folder holds just what would be written, undamaged."""
    if not all((folder / name).is_file() for name in (EXTRACT_FILE, SPANS_FILE, CANARIES_FILE)):
        return False
    try:
        return read_extract(folder).sources == (source,) and bool(check_intact(folder))
    except CscError:
        return False


def _free(folder: Path) -> bool:
    """Whether nothing but invented records would be replaced."""
    if not folder.exists():
        return True
    if not (folder / EXTRACT_FILE).is_file():
        return folder.is_dir() and not any(folder.iterdir())
    sources = read_extract(folder).sources
    return bool(sources) and all(source.startswith(_SOURCE) for source in sources)
