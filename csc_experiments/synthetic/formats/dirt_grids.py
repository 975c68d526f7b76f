"""Oddities of cells, rows and headers in a grid, which stands for a CSV file or for a sheet of a workbook."""

from __future__ import annotations

from dataclasses import dataclass

from csc_experiments.synthetic.formats.dirt_cells import CELL_ODDITIES, CellOddity, Role, is_empty, role_of
from csc_experiments.synthetic.formats.dirt_hand import Hand
from csc_experiments.synthetic.formats.workbook import Cell

_CHILDREN = frozenset({"CHILD", "CHILD UNIQUE ID", "PERSONID"})
_ONE_ROW_A_CHILD = frozenset({"header", "ssd_person"})
_CHARACTERISTICS = frozenset({"ETHNIC", "PERS_ETHNICITY"})
_NOBODY = "ZZ999999"

Place = tuple[int, int]


@dataclass(slots=True)
class Grid:
    """A table of cells, soiled in place.

    Attributes
    ----------
    name : str
        Of the file or the sheet, in lower case and without suffix.
    header : list of str
    rows : list of list of Cell
        Each as long as the header.
    """

    name: str
    header: list[str]
    rows: list[list[Cell]]


def soil_grid(grid: Grid, hand: Hand) -> None:
    """Plant what befalls cells, then rows, then the header."""
    _soil_cells(grid, hand)
    _soil_rows(grid, hand)
    _soil_header(grid, hand)


def _soil_cells(grid: Grid, hand: Hand) -> None:
    roles = [role_of(name, [row[at] for row in grid.rows]) for at, name in enumerate(grid.header)]
    taken: set[Place] = set()
    for oddity in CELL_ODDITIES:
        for at, column in hand.choose(oddity.name, _places(grid, oddity, roles, taken)):
            grid.rows[at][column] = oddity.spoil(grid.header[column], grid.rows[at][column], hand)
            taken.add((at, column))


def _places(grid: Grid, oddity: CellOddity, roles: list[Role], taken: set[Place]) -> list[Place]:
    columns = [at for at, role in enumerate(roles) if role in oddity.roles]
    return [
        (at, column)
        for at, row in enumerate(grid.rows)
        for column in columns
        if (at, column) not in taken and oddity.suits(grid.header[column], row[column])
    ]


def _soil_rows(grid: Grid, hand: Hand) -> None:
    """Plant rows after others, from the end, so that the places stay right."""
    added: list[tuple[int, list[Cell]]] = []
    whole = range(len(grid.rows))
    added += [(at, list(grid.rows[at])) for at in hand.choose("duplicate row", whole)]
    blank: list[Cell] = [None if _is_typed(grid) else ""] * len(grid.header)
    added += [(at, list(blank)) for at in hand.choose("empty row", whole)]
    added += _repeated_children(grid, hand)
    added += _orphans(grid, hand)
    for at, row in sorted(added, key=lambda item: item[0], reverse=True):
        grid.rows.insert(at + 1, row)


def _is_typed(grid: Grid) -> bool:
    return any(cell is None or not isinstance(cell, str) for row in grid.rows for cell in row)


def _repeated_children(grid: Grid, hand: Hand) -> list[tuple[int, list[Cell]]]:
    """Repeat a child with the ethnicity of another."""
    told = [at for at, name in enumerate(grid.header) if name.upper() in _CHARACTERISTICS]
    if grid.name not in _ONE_ROW_A_CHILD or not told:
        return []
    column = told[0]
    repeated: list[tuple[int, list[Cell]]] = []
    for at in hand.choose("repeated child", range(len(grid.rows))):
        row = list(grid.rows[at])
        row[column] = "NOBT" if row[column] != "NOBT" else "REFU"
        repeated.append((at, row))
    return repeated


def _orphans(grid: Grid, hand: Hand) -> list[tuple[int, list[Cell]]]:
    """Copy a row, but about nobody."""
    persons = [at for at, name in enumerate(grid.header) if _names_a_child(name)]
    if grid.name in _ONE_ROW_A_CHILD or not persons:
        return []
    orphans: list[tuple[int, list[Cell]]] = []
    for at in hand.choose("orphan row", range(len(grid.rows))):
        row = list(grid.rows[at])
        row[persons[0]] = _NOBODY
        # Its own identifier must be new too, or it would be a second row of something else.
        if persons[0] > 0 and not is_empty(row[0]):
            row[0] = f"{row[0]}Z"
        orphans.append((at, row))
    return orphans


def _names_a_child(name: str) -> bool:
    return name.upper() in _CHILDREN or name.lower().endswith("person_id")


def _soil_header(grid: Grid, hand: Hand) -> None:
    columns = range(len(grid.header))
    for at in hand.choose("header case", columns):
        name = grid.header[at]
        grid.header[at] = name.upper() if name != name.upper() else name.lower()
    for at in hand.choose("header space", columns):
        grid.header[at] = f"{grid.header[at]} "
