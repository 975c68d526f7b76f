"""Where an authority's records are, and what they are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from omegaconf import MISSING

from csc_experiments.errors import ConfigError

_BOTH_DAYS = 2


@dataclass
class DatasetConfig:
    """One authority's records.

    Attributes
    ----------
    name, authority : str
    records : str
        The records folder.
    sources : list of str
        What `csc-experiments import --dataset NAME` makes the records from, each as that command takes it.
    covers : list of str
        First and last day, as YYYY-MM-DD, between which everything that happened is in the sources; empty if
        they say so themselves.
    types : str, optional
        A file that says which types the sources' own names of documents stand for.
    identifiers : str, optional
        A file that says who is who, where children go by different identifiers in different sources.
    synthetic : dict, optional
        Settings of an invented authority; `csc-experiments synthesise` reads them.
    """

    name: str = MISSING
    authority: str = MISSING
    records: str = MISSING
    sources: list[str] = field(default_factory=list)
    covers: list[str] = field(default_factory=list)
    types: str | None = None
    identifiers: str | None = None
    synthetic: dict[str, Any] | None = None

    @property
    def coverage(self) -> tuple[date, date] | None:
        """The days of `covers`.

        Raises
        ------
        ConfigError
            If they are not two days.
        """
        if not self.covers:
            return None
        try:
            days = [date.fromisoformat(said) for said in self.covers]
        except ValueError:
            days = []
        if len(days) != _BOTH_DAYS:
            raise ConfigError(
                "dataset.covers must be the first and the last day.",
                todo="Write it like dataset.covers=[2019-04-01,2025-03-31].",
            )
        return days[0], days[1]

    def check(self) -> None:
        """Refuse a coverage that is not two days, and a source without a name.

        Raises
        ------
        ConfigError
        """
        _ = self.coverage
        if not all(source.strip() for source in self.sources):
            raise ConfigError("dataset.sources: a source is empty.", todo="Name a file or a folder.")
