"""JSON cells of the Standard Safeguarding Dataset, reduced to the codes and flags that may be used.

Such a cell may also hold comments. They are text about a person and stay behind.
"""

from __future__ import annotations

import json
import re

from csc_experiments.records.codes import ASSESSMENT_FACTOR
from csc_experiments.records.rejects import Reason

YES_NO = {
    "y": "Y",
    "yes": "Y",
    "true": "Y",
    "t": "Y",
    "1": "Y",
    "n": "N",
    "no": "N",
    "false": "N",
    "f": "N",
    "0": "N",
}
"""Flags as extracts write them, in lower case."""

_FLAG_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,60}_FLAG")


def read_factors(cell: str) -> tuple[str | None, Reason | None]:
    """Reduce a cell of assessment factors to a JSON list of codes.

    Returns
    -------
    value : str or None
        None if the cell holds no code.
    reason : Reason or None
        Why some or all of the cell was set aside.

    Examples
    --------
    >>> read_factors('{"1A": "Yes", "2B": "No"}')
    ('["1A"]', None)
    >>> read_factors('["1A", "he said that ..."]')
    ('["1A"]', <Reason.NOT_A_CODE: 'not a code of its code set'>)
    """
    said = _load(cell)
    if isinstance(said, dict):
        said = [code for code, flag in said.items() if _flag(flag) != "N"]
    if not isinstance(said, list):
        return None, Reason.NOT_JSON
    named = [item.strip().upper() if isinstance(item, str) else "" for item in said]
    codes = list(dict.fromkeys(code for code in named if code in ASSESSMENT_FACTOR))
    reason = None if all(code in ASSESSMENT_FACTOR for code in named) else Reason.NOT_A_CODE
    return (json.dumps(codes) if codes else None), reason


def read_outcomes(cell: str) -> tuple[str | None, Reason | None]:
    """Reduce a cell of outcomes to a JSON object of flags, each Y or N.

    Examples
    --------
    >>> read_outcomes('{"NFA_FLAG": "Y", "CP_ENQUIRY_FLAG": "false"}')
    ('{"NFA_FLAG": "Y", "CP_ENQUIRY_FLAG": "N"}', None)
    >>> read_outcomes('{"NFA_FLAG": "Y", "COMMENTS": "she said that ..."}')[0]
    '{"NFA_FLAG": "Y"}'
    """
    said = _load(cell)
    if not isinstance(said, dict):
        return None, Reason.NOT_JSON
    filled = {name: value for name, value in said.items() if value is not None and value != ""}
    flags = {name: _flag(value) for name, value in filled.items() if _FLAG_NAME.fullmatch(name)}
    kept = {name: flag for name, flag in flags.items() if flag is not None}
    if kept == said:
        # Written anew: where a name stands twice in the cell, only the last was read.
        return json.dumps(kept), None
    reason = Reason.MORE_THAN_FLAGS if len(flags) < len(filled) else None
    return json.dumps(kept), Reason.NOT_A_FLAG if len(kept) < len(flags) else reason


def _load(cell: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def _flag(value: object) -> str | None:
    return YES_NO.get(str(value).strip().lower())
