"""How far cells can be relied on: alarms, protocol, and how often their held-out cases were looked at."""

from __future__ import annotations

from collections.abc import Sequence

from csc_experiments.report.cells import Cell

NO_ALARM, CONFIRMS = "none", "confirmatory"


def standing(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Say how many cells set off an alarm or explore, in sentences; nothing of what is not known.

    Examples
    --------
    >>> from dataclasses import replace
    >>> cell = Cell({}, {}, None, None, {}, "", alarms="none", protocol="exploratory", looks=3)
    >>> for sentence in standing([cell, replace(cell, alarms="single_feature")]):
    ...     print(sentence)
    ALARM in 1 of 2 cells: single_feature (1). docs/tripwires.md says what it means.
    0 of 2 cells are confirmatory; the others explore. Most looks at the same held-out cases: 3.
    """
    told = [cell.alarms.split(",") for cell in cells if cell.alarms not in {"", NO_ALARM}]
    names = [name for alarms in told for name in alarms]
    said = []
    if names:
        listed = ", ".join(f"{name} ({names.count(name)})" for name in sorted(set(names)))
        said.append(
            f"ALARM in {len(told)} of {len(cells)} cells: {listed}. docs/tripwires.md says what it means."
        )
    if any(cell.protocol for cell in cells):
        confirm = sum(cell.protocol == CONFIRMS for cell in cells)
        looks = max(cell.looks or 0 for cell in cells)
        said.append(
            f"{confirm} of {len(cells)} cells are confirmatory; the others explore. Most looks at the same"
            f" held-out cases: {looks}."
        )
    return tuple(said)
