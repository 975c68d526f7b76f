"""The text of a file that somebody wrote in: DOCX, PDF, RTF, HTML or plain text.

Nothing in a file is run or fetched: no macro, no field, no linked template or picture, no entity.
"""

from __future__ import annotations

import logging
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType

import polars as pl

from csc_experiments.errors import ConfigError, UnreadableInputError
from csc_experiments.records.csv_text import decode

LARGEST_FILE = 100 << 20
"""Bytes of a file; a longer one is not read."""
LARGEST_UNPACKED = 250 << 20
"""Bytes of all parts of a DOCX together."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What is there a second time for older programs, and what has been moved elsewhere.
_TWICE = ("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback", f"{_WORD}moveFrom")
# The library looks for links and fonts in a time that grows with the square of the file; text needs neither.
_SLOW_FIELDS = re.compile(r"\\fldinst\{", re.IGNORECASE)
_SLOW_FONTS = re.compile(r"\\fonttbl", re.IGNORECASE)
_SIGNS = MappingProxyType(
    {
        f"{_WORD}p": "\n",
        f"{_WORD}br": "\n",
        f"{_WORD}cr": "\n",
        f"{_WORD}tab": " ",
        f"{_WORD}noBreakHyphen": "-",
    }
)


def read_text(path: Path) -> str:
    """Read the text of a file by its ending.

    Parameters
    ----------
    path : pathlib.Path
        A file that is there.

    Returns
    -------
    str
        As it stands in the file; not cleaned.

    Raises
    ------
    UnreadableInputError
        If it is of another kind, damaged, encrypted or too large.
    ConfigError
        If the library that reads this kind is not installed.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None or not path.is_file() or path.stat().st_size > LARGEST_FILE:
        raise UnreadableInputError(f"{path} is not of a kind that can be read, or is too large.")
    try:
        with _silence():
            return reader(path)
    except ConfigError:
        raise
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - what readers raise on damage is anything
        # A reader's own message may quote the file, so it is not passed on.
        raise UnreadableInputError(f"{path} cannot be read.") from None


@contextmanager
def _silence() -> Iterator[None]:
    """Keep readers from telling on a log or as a warning what is in a file."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _library(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError:
        raise ConfigError(
            "Documents as files need libraries that are not installed.",
            todo="Install the extra `documents`: pip install 'csc-experiments[documents]'.",
        ) from None


def _read_docx(path: Path) -> str:
    docx = _library("docx")
    with zipfile.ZipFile(path) as archive:
        # Python's archive reader gives no more of a part than it says, so what the parts say is enough.
        if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
            raise UnreadableInputError(f"{path} is too large when it is unpacked.")
    with path.open("rb") as file:
        body = docx.Document(file).element.body
    info = body.getroottree().docinfo
    if info.internalDTD is not None or info.externalDTD is not None:
        raise UnreadableInputError(f"{path} holds a document type, which no word processor writes.")
    for twice in list(body.iter(*_TWICE)):
        twice.getparent().remove(twice)
    # In document order: paragraphs of tables, forms and text boxes are where they are read.
    nodes = body.iter(f"{_WORD}t", *_SIGNS)
    return "".join(_SIGNS.get(node.tag) or node.text or "" for node in nodes)


def _read_pdf(path: Path) -> str:
    pypdf = _library("pypdf")
    with path.open("rb") as file:
        reader = pypdf.PdfReader(file)
        # Many programs protect a file from changes with an empty password; it is open to everybody.
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableInputError(f"{path} is encrypted.")
        return "\n\n".join(page.extract_text() for page in reader.pages)


def _read_rtf(path: Path) -> str:
    striprtf = _library("striprtf.striprtf")
    raw = path.read_bytes()
    if not raw.lstrip().startswith(rb"{\rtf"):
        raise UnreadableInputError(f"{path} is not RTF.")
    text = _SLOW_FIELDS.sub(
        r"\g<0>\n", _SLOW_FONTS.sub(r"\\colortbl", raw.decode("cp1252", errors="replace"))
    )
    return str(striprtf.rtf_to_text(text, errors="replace"))


def _read_html(path: Path) -> str:
    # In HTML the end of a line is a blank; what ends a line is told by tags, which cleaning knows.
    return f"<!doctype html>{' '.join(decode(path).split())}"


_READERS: Mapping[str, Callable[[Path], str]] = MappingProxyType(
    {
        ".docx": _read_docx,
        ".pdf": _read_pdf,
        ".rtf": _read_rtf,
        ".htm": _read_html,
        ".html": _read_html,
        ".txt": decode,
    }
)
