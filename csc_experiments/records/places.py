"""Whether what a key names is there, and a file or a folder as that key wants: one message for every key."""

from __future__ import annotations

from pathlib import Path

from csc_experiments.errors import RecordsNotFoundError, UnreadableInputError


def require_there(path: Path, key: str, wanted: str) -> None:
    """Refuse a path at which there is nothing.

    Parameters
    ----------
    path : pathlib.Path
    key : str
        What the user wrote before it: an option, or a kind of source.
    wanted : str
        What the key takes, in words that complete "Give ...".

    Raises
    ------
    RecordsNotFoundError
    """
    if not path.exists():
        raise RecordsNotFoundError(f"{key}: {path} is not there.", todo=f"Give {wanted}.")


def require_file(path: Path, key: str, wanted: str) -> None:
    """Refuse what is not a file; parameters as for `require_there`.

    Raises
    ------
    RecordsNotFoundError
        If there is nothing.
    UnreadableInputError
        If there is a folder.

    Examples
    --------
    >>> require_file(Path(), "families", "a CSV file")
    Traceback (most recent call last):
    ...
    csc_experiments.errors.UnreadableInputError: families: . is not a file. Give a CSV file.
    """
    require_there(path, key, wanted)
    if not path.is_file():
        raise UnreadableInputError(f"{key}: {path} is not a file.", todo=f"Give {wanted}.")


def require_folder(path: Path, key: str, wanted: str) -> None:
    """Refuse what is not a folder; parameters as for `require_there`.

    Raises
    ------
    RecordsNotFoundError
        If there is nothing.
    UnreadableInputError
        If there is a file.
    """
    require_there(path, key, wanted)
    if not path.is_dir():
        raise UnreadableInputError(f"{key}: {path} is not a folder.", todo=f"Give {wanted}.")
