"""All tripwires, one after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from csc_experiments.errors import CscError, LeakError, MatrixError, TooFewPositivesError
from csc_experiments.representations.build import Representations
from csc_experiments.representations.matrix import Matrix, check_informative
from csc_experiments.representations.settings import BlockConfig
from csc_experiments.tripwires.chance import permuted_labels
from csc_experiments.tripwires.documents import text_names_outcome, title_names_outcome
from csc_experiments.tripwires.features import future_deleted, single_feature
from csc_experiments.tripwires.finding import Finding, Verdict, finding
from csc_experiments.tripwires.recording import (
    backdated_assessment,
    later_return_overwrites,
    worker_set_later,
)
from csc_experiments.tripwires.scene import Scene
from csc_experiments.tripwires.siblings import sibling_copies
from csc_experiments.tripwires.spells import closure_known_early, prescient_duration

RECORD_TRIPWIRES: Final[tuple[Callable[[Scene], Finding], ...]] = (
    closure_known_early,
    later_return_overwrites,
    text_names_outcome,
    sibling_copies,
    prescient_duration,
    worker_set_later,
    backdated_assessment,
    title_names_outcome,
)
"""Those that look at what was recorded, each named after the fault of recording that it looks for."""
_NOTHING, _SPLIT = "nothing_to_learn", "split_or_future"
_REFUSED: Final[Mapping[type[CscError], str]] = {
    MatrixError: _NOTHING,
    TooFewPositivesError: _NOTHING,
    LeakError: _SPLIT,
}


def inspect(
    scene: Scene, matrix: Matrix, blocks: Mapping[str, BlockConfig], describe: Representations
) -> tuple[Finding, ...]:
    """Look at one outer fold of a cell before anything is learned from it.

    Parameters
    ----------
    scene : Scene
    matrix : Matrix
        That the cell learns from, in this fold.
    blocks : mapping of str to BlockConfig
        Of the representation.
    describe : Representations
        Of the cell.

    Returns
    -------
    tuple of Finding
        One of each tripwire; an alarm stops nothing, for only an analyst can tell a leak from an oddity.

    Raises
    ------
    MatrixError
        If there is nothing to learn from.
    """
    check_informative(matrix.take(scene.fold.train))
    return (
        finding(_NOTHING, 0, f"{len(matrix.names)} columns vary over the training cases.", alarm=False),
        *(look(scene) for look in RECORD_TRIPWIRES),
        permuted_labels(scene, matrix),
        future_deleted(scene, blocks, describe),
        single_feature(scene, matrix),
    )


def refusal(error: CscError) -> Finding | None:
    """Name the tripwire that an error is the refusal of; None if it is another kind of error."""
    name = next((name for kind, name in _REFUSED.items() if isinstance(error, kind)), None)
    return Finding(name, Verdict.REFUSED, 1, str(error)) if name else None
