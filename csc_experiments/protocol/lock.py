"""Locking a protocol: before the first look, or afterwards with a reason."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from csc_experiments.errors import ConfigError
from csc_experiments.protocol.settings import ProtocolConfig, SuccessConfig
from csc_experiments.provenance import digest
from csc_experiments.tracking.protocols import ProtocolLog, looked_otherwise
from csc_experiments.tracking.settings import TrackingConfig


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms a cell is run.

    Attributes
    ----------
    protocol : str
        Hash of the locked protocol; empty if the study has none.
    holds : bool
        Whether the cell belongs to it.
    """

    protocol: str = ""
    holds: bool = False

    def tags(self, tracking: TrackingConfig, cases: str) -> dict[str, str]:
        """Say of a cell whose scores are about to be seen whether they confirm or explore.

        They confirm if the cell belongs to a protocol that was locked before anybody looked at the same
        held-out cases under other terms: without it, or under an earlier protocol.
        """
        confirms = self.holds and not looked_otherwise(tracking, cases, self.protocol)
        said = {"csc.confirmatory": "true" if confirms else "false"}
        return {**said, "csc.protocol_hash": self.protocol} if self.protocol else said


EXPLORING: Final = Terms()
"""Without a protocol."""


def protocol_text(
    protocol: ProtocolConfig, success: SuccessConfig, cells: Sequence[Mapping[str, Any]]
) -> str:
    """Write down all that a protocol fixes, as JSON.

    Parameters
    ----------
    cells : sequence of mapping
        What shapes the result of each cell that belongs to it: a changed horizon or search is a changed
        protocol.
    """
    said = {
        "protocol": asdict(protocol),
        "success": asdict(success),
        "cells": sorted(digest(dict(cell)) for cell in cells),
    }
    return json.dumps(said, sort_keys=True)


def lock(log: ProtocolLog, said: str, amend: str | None) -> str:
    """Lock a protocol, or find it locked.

    Parameters
    ----------
    log : ProtocolLog
    said : str
        From `protocol_text`.
    amend : str, optional
        Why it was changed after a look.

    Returns
    -------
    str
        Its hash.

    Raises
    ------
    ConfigError
        If it differs from the locked one, held-out scores have been seen since, and no reason is given; or
        if there is a reason and nothing to amend.
    """
    now, locked = digest(json.loads(said)), log.entries()
    same = bool(locked) and locked[-1].digest == now
    looks = log.looks()
    if amend is not None and (same or not locked):
        raise ConfigError("There is nothing to amend: the protocol is as it was locked, or not locked yet.")
    if same:
        return now
    if locked and looks and not amend:
        raise ConfigError(
            f"The protocol is not the one that was locked, and {looks} cells have been looked at since.",
            todo='Put it back, make it another study, or say why: study NAME --amend "reason".',
        )
    log.append(now, said, amend or "")
    return now
