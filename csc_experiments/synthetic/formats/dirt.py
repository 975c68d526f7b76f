"""Dirt on request: clean exports soiled with the oddities that real ones have, each planted one counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from csc_experiments.errors import ConfigError, UnknownChoiceError
from csc_experiments.synthetic.formats.dirt_files import soil_csv_files, soil_workbooks, spoil_workbooks
from csc_experiments.synthetic.formats.dirt_hand import HARMLESS, ODDITIES, Hand
from csc_experiments.synthetic.formats.dirt_xml import soil_census

__all__ = ["HARMLESS", "KINDS", "ODDITIES", "soil"]

Soiler = Callable[[list[Path], Hand], None]


def _soil_answers(paths: list[Path], hand: Hand) -> None:
    soil_workbooks(paths, hand)
    spoil_workbooks(paths, hand)


KINDS: Mapping[str, tuple[str, Soiler]] = MappingProxyType(
    {
        "ssd": (".csv", soil_csv_files),
        "ssda903": (".csv", soil_csv_files),
        "documents": (".csv", soil_csv_files),
        "cin_census": (".xml", soil_census),
        "annex_a": (".xlsx", soil_workbooks),
        "answers": (".xlsx", _soil_answers),
    }
)
"""What can be soiled: the suffix of its files, and how. Typed files and databases keep clean."""


def soil(
    kind: str, paths: Sequence[Path], seed: int, oddities: Collection[str] = tuple(ODDITIES)
) -> dict[str, int]:
    """Plant oddities into files that a writer of this package wrote, in place.

    About one in a hundred of the cells and rows that an oddity suits gets it, at least one, and no cell gets
    two. What befalls a whole file befalls one file. The same files and seed give the same dirt.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    paths : sequence of pathlib.Path
        Files as the writer returned them; those of another suffix are left as they are.
    seed : int
        0 or more.
    oddities : collection of str, default=all
        Names from `ODDITIES`. With `HARMLESS`, every value can still be read as it was meant.

    Returns
    -------
    dict of str to int
        How many of each were planted, by name; what suited nowhere is not there.

    Raises
    ------
    UnknownChoiceError
        If the kind or an oddity does not exist.
    ConfigError
        If there is no file of the kind.
    """
    if kind not in KINDS:
        raise UnknownChoiceError(
            f"There is no kind {kind!r} of export.", todo=f"Choose one of: {', '.join(KINDS)}."
        )
    unknown = sorted(set(oddities) - set(ODDITIES))
    if unknown:
        raise UnknownChoiceError(
            f"There is no oddity {unknown[0]!r}.", todo=f"Choose of: {', '.join(ODDITIES)}."
        )
    suffix, soiler = KINDS[kind]
    files = sorted(path for path in paths if path.suffix == suffix)
    if not files:
        raise ConfigError(
            f"There is no {suffix} file to soil.", todo="Give the paths that the writer returned."
        )
    hand = Hand(seed, oddities)
    soiler(files, hand)
    return dict(sorted(hand.planted.items()))
