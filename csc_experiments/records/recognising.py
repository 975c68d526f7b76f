"""Of which kind a file or a folder is, told by what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from csc_experiments.errors import UnreadableInputError
from csc_experiments.records.annex_a.sheets import has_list_names
from csc_experiments.records.csv_text import separator_of
from csc_experiments.records.documents.columns import holds_documents
from csc_experiments.records.event_files.columns import holds_events
from csc_experiments.records.event_files.reading import column_names, describes_meds, is_meds
from csc_experiments.records.families.addresses import holds_addresses
from csc_experiments.records.families.links import is_family_links
from csc_experiments.records.tables import TABLES
from csc_experiments.records.workbooks import sheet_names

READS: Final = (
    "SSD tables (a folder, or env:VARIABLE for a database), children in need censuses (.xml), a folder of"
    " SSDA903 files (.csv), Annex A workbooks (.xlsx), documents, family links, addresses and event files (a"
    " MEDS data set, or a table of subject_id, time and code) can be imported. A kind may stand before a path"
    " (families:FILE, documents:FOLDER); what is missing in it is named then."
)
DOCUMENTS: Final = "documents"
WORKBOOKS: Final = frozenset({".xlsx", ".xlsm"})
_SSD: Final = frozenset(TABLES) - {DOCUMENTS}
_EPISODES: Final = frozenset({"CHILD", "DECOM"})
_LONGEST_HEAD: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class _Look:
    """What can be seen of a file or a folder without reading it.

    Attributes
    ----------
    path : pathlib.Path
    files : tuple of pathlib.Path
        The file, or those of the folder and of its folders.
    heads : tuple of list of str
        The columns of each CSV file.
    """

    path: Path
    files: tuple[Path, ...]
    heads: tuple[Sequence[str], ...]

    def with_ending(self, *endings: str) -> tuple[Path, ...]:
        """Return the files with one of some endings, in any case."""
        return tuple(file for file in self.files if file.suffix.lower() in endings)


_KINDS: Final[tuple[tuple[str, Callable[[_Look], bool]], ...]] = (
    ("events", lambda look: is_meds(look.path)),
    ("ssd", lambda look: look.path.is_dir() and any(file.stem.lower() in _SSD for file in look.files)),
    ("cin_census", lambda look: bool(look.with_ending(".xml"))),
    ("ssda903", lambda look: look.path.is_dir() and any(_is_of_care(head) for head in look.heads)),
    (
        "annex_a",
        lambda look: any(has_list_names(sheet_names(file)) for file in look.with_ending(*WORKBOOKS)),
    ),
    ("families", lambda look: look.path.is_file() and any(map(is_family_links, look.heads))),
    ("addresses", lambda look: look.path.is_file() and any(map(holds_addresses, look.heads))),
    ("events", lambda look: any(map(holds_events, _heads_of_events(look)))),
    (DOCUMENTS, lambda look: bool(look.with_ending(*WORKBOOKS)) or any(map(holds_documents, look.heads))),
    ("events", lambda look: describes_meds(look.path)),
    ("ssd", lambda look: look.path.is_dir()),
)


def kind_of(path: Path) -> str:
    """Tell of which kind a file or a folder is.

    Raises
    ------
    UnreadableInputError
        If it is of none.
    """
    found = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    heads = tuple(_head(file) for file in found if file.suffix.lower() == ".csv")
    look = _Look(path, tuple(found), heads)
    for kind, is_it in _KINDS:
        if is_it(look):
            return kind
    raise UnreadableInputError(f"{path} is not of a kind that can be imported.", todo=READS)


def _heads_of_events(look: _Look) -> Iterator[Sequence[str]]:
    yield from look.heads
    for file in look.with_ending(".parquet"):
        # A damaged file beside others does not say what they are.
        with suppress(UnreadableInputError):
            yield column_names(file)


def _is_of_care(head: Sequence[str]) -> bool:
    return {name.upper() for name in head} >= _EPISODES


def _head(file: Path) -> list[str]:
    """Return the names of a CSV file's columns, without reading it all."""
    with file.open("rb") as opened:
        line = opened.readline(_LONGEST_HEAD)
    head = line.decode("latin-1")
    return [name.strip(' "\r\n') for name in head.split(separator_of(head))]
