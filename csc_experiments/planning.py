"""What a study is going to do: its cells, which of them are finished, and the protocol that holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from csc_experiments.config import AXES, ExperimentConfig, StudyConfig, compose_cells
from csc_experiments.errors import ConfigError
from csc_experiments.experiment import cell_key
from csc_experiments.protocol.lock import EXPLORING, Terms, lock, protocol_text
from csc_experiments.protocol.settings import ProtocolConfig
from csc_experiments.tracking.protocols import ProtocolLog
from csc_experiments.tracking.runs import RunStore


@dataclass(frozen=True, slots=True)
class Plan:
    """The cells of a study.

    Attributes
    ----------
    finished : tuple of ExperimentConfig
        In the store already, with the same configuration, records and code.
    waiting : tuple of ExperimentConfig
        To be run, in this order.
    protocol : str
        Hash of the locked protocol; empty if the study has none, or it is not locked.
    confirming : ProtocolConfig, optional
        Which cells belong to it.
    """

    finished: tuple[ExperimentConfig, ...]
    waiting: tuple[ExperimentConfig, ...]
    protocol: str = ""
    confirming: ProtocolConfig | None = None

    def terms(self, cell: ExperimentConfig) -> Terms:
        """Return under which terms a cell is run."""
        if not self.protocol or self.confirming is None:
            return EXPLORING
        return Terms(self.protocol, _belongs(self.confirming, cell))


def plan_study(study: StudyConfig) -> Plan:
    """Compose and check every cell, and look up which are finished.

    Every configuration is checked before anything runs.

    Raises
    ------
    ConfigError
        If a cell cannot be composed, or the study has none.
    """
    cells = compose_cells(study)
    if not cells:
        raise ConfigError(f"Study {study.name} has no cells.", todo="Give it at least one grid.")
    finished = RunStore(cells[0].tracking, study.name).finished()
    done = [cell_key(cell) in finished for cell in cells]
    return Plan(
        tuple(cell for cell, over in zip(cells, done, strict=True) if over),
        tuple(cell for cell, over in zip(cells, done, strict=True) if not over),
    )


def lock_plan(study: StudyConfig, plan: Plan, amend: str | None = None) -> Plan:
    """Lock the study's protocol before its cells run, if it has one.

    Parameters
    ----------
    amend : str, optional
        Why the protocol was changed after held-out scores had been seen.

    Raises
    ------
    ConfigError
        If the protocol was changed after a look without a reason, there is nothing to amend, or no cell of
        the study belongs to it.
    """
    protocol = study.protocol
    if protocol is None:
        if amend is not None:
            raise ConfigError(f"Study {study.name} has no protocol to amend.")
        return plan
    cells = (*plan.finished, *plan.waiting)
    held = [cell for cell in cells if _belongs(protocol, cell)]
    if not held:
        raise ConfigError(f"study.protocol: no cell of study {study.name} belongs to it.")
    said = protocol_text(protocol, study.success, [cell.shaping for cell in held])
    locked = lock(ProtocolLog(cells[0].tracking, study.name), said, amend)
    return replace(plan, protocol=locked, confirming=protocol)


def tell_protocol(study: StudyConfig, plan: Plan) -> str:
    """Say whether a study's protocol is locked, and how often its held-out cases were looked at."""
    if study.protocol is None:
        return "No protocol: every cell is exploratory."
    cells = (*plan.finished, *plan.waiting)
    log = ProtocolLog(cells[0].tracking, study.name)
    entries, looks = log.entries(), log.looks()
    if not entries:
        return f"The protocol is not locked yet; looks at held-out cases: {looks}."
    changed = [f"amended after {entry.looks} looks: {entry.reason}" for entry in entries if entry.reason]
    said = f"Protocol {entries[-1].digest[:8]} is locked; looks at held-out cases: {looks}."
    return "; ".join([said, *changed])


def _belongs(protocol: ProtocolConfig, cell: ExperimentConfig) -> bool:
    return protocol.holds({axis: getattr(cell, axis).name for axis in AXES}, cell.seed)
