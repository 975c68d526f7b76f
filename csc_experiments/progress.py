"""Progress of long work on standard error: a bar on a terminal, sparse lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Item = TypeVar("Item")
SECONDS_BETWEEN_LINES = 15.0


def track(items: Iterable[Item], total: int, what: str, *, quiet: bool = False) -> Iterator[Item]:
    """Pass items on, showing how many have come.

    Parameters
    ----------
    items : iterable
    total : int
        How many will come.
    what : str
        What they are, in the plural.
    quiet : bool
        Show nothing.
    """
    if quiet:
        yield from items
    elif sys.stderr.isatty():
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            yield from bar.track(items, total=total, description=what)
    else:
        yield from _lines(items, total, what)


def _lines(items: Iterable[Item], total: int, what: str) -> Iterator[Item]:
    said = time.monotonic()
    for done, item in enumerate(items, start=1):
        yield item
        if done == total or time.monotonic() - said > SECONDS_BETWEEN_LINES:
            said = time.monotonic()
            sys.stderr.write(f"{what}: {done} of {total}\n")
