"""The protocols of a study in its store, one after another; none is ever changed or deleted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from csc_experiments.tracking.connection import Run, connect, experiment_id, search_runs, store_errors
from csc_experiments.tracking.settings import TrackingConfig

FINISHED = "tags.`csc.kind` = 'cell' and attributes.status = 'FINISHED'"


@dataclass(frozen=True, slots=True)
class LockedProtocol:
    """A protocol as it was locked.

    Attributes
    ----------
    digest : str
        Hash of all that it says.
    reason : str
        Why it was amended after a look; empty if nobody had looked.
    looks : int
        At held-out scores of the study, before it was locked.
    locked_at : int
        Milliseconds since 1970.
    """

    digest: str
    reason: str
    looks: int
    locked_at: int


class ProtocolLog:
    """The protocols of one study.

    Parameters
    ----------
    tracking : TrackingConfig
    study : str

    Raises
    ------
    StoreLockedError, StoreCorruptError
        As `connect` does.
    """

    def __init__(self, tracking: TrackingConfig, study: str) -> None:
        self._tracking = tracking
        self._client = connect(tracking)
        self._experiment = experiment_id(self._client, tracking, study)

    def entries(self) -> list[LockedProtocol]:
        """Return the protocols, the first first."""
        with store_errors(self._tracking):
            found = search_runs(self._client, self._experiment, "tags.`csc.kind` = 'protocol'")
        entries = [_entry(run) for run in found]
        return sorted(entries, key=lambda entry: entry.locked_at)

    def append(self, digest: str, said: str, reason: str = "") -> None:
        """Lock a protocol.

        Parameters
        ----------
        digest : str
            Hash of `said`.
        said : str
            The whole of it, as JSON; kept as an artifact.
        reason : str
            Why it differs from the one before, if somebody had looked.
        """
        tags = {
            "csc.kind": "protocol",
            "csc.protocol_hash": digest,
            "csc.reason": reason,
            "csc.looks": f"{self.looks()}",
            "csc.number": f"{len(self.entries()) + 1}",
        }
        with store_errors(self._tracking):
            run = self._client.create_run(
                self._experiment, tags=tags, run_name=f"protocol {tags['csc.number']}"
            )
            self._client.log_text(run.info.run_id, said, "protocol.json")
            self._client.set_terminated(run.info.run_id)

    def looks(self) -> int:
        """Count the study's cells whose scores on held-out cases are in the store."""
        with store_errors(self._tracking):
            return len(search_runs(self._client, self._experiment, FINISHED))


def looks_at(tracking: TrackingConfig) -> Counter[str]:
    """Count how often each set of held-out cases was looked at, in all studies of the store.

    Returns
    -------
    collections.Counter
        Finished cells by their `csc.cases`.
    """
    client = connect(tracking)
    with store_errors(tracking):
        experiments = [experiment.experiment_id for experiment in client.search_experiments()]
        found = [run for experiment in experiments for run in search_runs(client, experiment, FINISHED)]
    return Counter(run.data.tags.get("csc.cases", "") for run in found)


def looked_otherwise(tracking: TrackingConfig, cases: str, digest: str) -> bool:
    """Whether anybody looked at these held-out cases under other terms than a protocol's."""
    client = connect(tracking)
    wanted = f"{FINISHED} and tags.`csc.cases` = '{cases}'"
    with store_errors(tracking):
        experiments = [experiment.experiment_id for experiment in client.search_experiments()]
        found = [run for experiment in experiments for run in search_runs(client, experiment, wanted)]
    return any(run.data.tags.get("csc.protocol_hash") != digest for run in found)


def _entry(run: Run) -> LockedProtocol:
    tags = run.data.tags
    return LockedProtocol(
        tags["csc.protocol_hash"], tags.get("csc.reason", ""), int(tags["csc.looks"]), run.info.start_time
    )
