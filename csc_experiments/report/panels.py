"""Cells that were tested on the same cases: what alone may be held against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csc_experiments.report.cells import PART, SETTING, Cell, common_variant, varying


@dataclass(frozen=True, slots=True)
class Panel:
    """The cells that were tested on the same cases.

    Attributes
    ----------
    cells : tuple of Cell
        At least one.
    title : str
        What tells the panel from the others.
    """

    cells: tuple[Cell, ...]
    title: str

    @property
    def common(self) -> tuple[str, ...]:
        """The parts of the variant that all its cells have."""
        return common_variant(self.cells)

    @property
    def chance(self) -> float | None:
        """What a random order of its cases would score."""
        return self.cells[0].chance

    @property
    def baselines(self) -> tuple[Cell, ...]:
        """The cells that learn nothing but from one column."""
        return tuple(cell for cell in self.cells if cell.baseline)

    @property
    def scored(self) -> tuple[Cell, ...]:
        """The other cells, as far as they have an average precision."""
        return tuple(cell for cell in self.cells if not cell.baseline and cell.precision.value is not None)

    @property
    def best(self) -> Cell | None:
        """The cell with the highest average precision, baselines aside; the first of equals."""
        return highest(self.scored)

    def differs_by(self, cell: Cell) -> str:
        """Say what of a cell's variant not all cells of the panel have."""
        return cell.differs_by(beyond=self.common)

    def called(self, cell: Cell) -> str:
        """Say which cell of the panel one is."""
        name = f"{cell.called('representation')}, {cell.called('classifier')}"
        variant = self.differs_by(cell)
        return f"{name} ({variant})" if variant else name


def panels(cells: Sequence[Cell]) -> tuple[Panel, ...]:
    """Put cells together that were tested on the same cases; panels and cells keep their order.

    Where it is not known on which cases a cell was tested, equal names and counts are taken for equal cases.
    """
    groups: dict[tuple[object, ...], list[Cell]] = {}
    for cell in cells:
        names = (cell.names[name] for name in SETTING)
        groups.setdefault((*names, cell.cases, *cell.counts.values()), []).append(cell)
    said = {"authority", "validation", *varying(cells, SETTING)}
    return tuple(Panel(tuple(group), _title(group, said)) for group in groups.values())


def highest(cells: Sequence[Cell]) -> Cell | None:
    """Find the highest average precision among cells that have one; the first of equals."""
    return max(cells, key=lambda cell: cell.precision.value or 0.0, default=None)


def _title(cells: Sequence[Cell], said: set[str]) -> str:
    order = ("authority", "validation", "question", "dataset", "study")
    variant = PART.join(common_variant(cells))
    return ", ".join(
        [*(cells[0].called(name) for name in order if name in said), *([variant] if variant else [])]
    )
