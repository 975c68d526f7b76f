"""Randomness by axes: one seed in the configuration, one derived seed for each consumer."""

from __future__ import annotations

import hashlib


def seed_for(master: int, *axes: str) -> int:
    """Derive the seed of one consumer of randomness.

    Name every axis along which the draw may vary, and no other: folds that are drawn with
    `seed_for(seed, "folds", authority, question)` stay the same for every classifier.

    Parameters
    ----------
    master : int
        The configuration's `seed`.
    *axes : str
        The consumer's name, then the axes along which it may vary.

    Returns
    -------
    int
        Between 0 and 2**32 - 1; the same for the same arguments on every machine.

    Examples
    --------
    >>> seed_for(1, "folds", "la1") == seed_for(1, "folds", "la1")
    True
    >>> seed_for(1, "folds", "la1") == seed_for(1, "folds", "la2")
    False
    """
    said = "\x1f".join((str(master), *axes))
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:4], "big")
