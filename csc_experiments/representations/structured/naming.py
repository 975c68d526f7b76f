"""How columns are named: what is described, how, and of whom.

`REFERRAL//START|count|365d` is of the child, `REFERRAL//START|count|365d|family` of the brothers and sisters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

FAMILY: Final = "|family"
EVER, LAST, FIRST = "ever", "recency|last", "recency|first"
OPEN, OPEN_DAYS, ENDED_DAYS = "open", "open|days", "ended|days"
LATEST, KNOWN = "latest", "latest|known"
AGE, MONTHS, SEXES, MEMBERS = "age", ("month_sin", "month_cos"), ("sex|female", "sex|male"), "members"
_ALL: Final = "all"
_WHAT = "|".join(re.escape(what) for what in (EVER, LAST, FIRST, OPEN_DAYS, OPEN, ENDED_DAYS, KNOWN, LATEST))
_NAME: Final = re.compile(rf"(?P<code>[^|]+)\|(?P<what>count\|(?P<window>\d+d|{_ALL})|{_WHAT})")


def count_of(days: int | None) -> str:
    """Name the count over a window.

    Examples
    --------
    >>> count_of(30), count_of(None)
    ('count|30d', 'count|all')
    """
    return f"count|{_ALL}" if days is None else f"count|{days}d"


@dataclass(frozen=True, slots=True)
class Column:
    """What a column's name says.

    Attributes
    ----------
    code : str
        The code or the spell that is described; empty where a column is of neither.
    what : str
        How it is described; the whole name where no code is.
    window : int, optional
        Days that are counted over.
    family : bool
        Whether brothers and sisters are described, not the child.
    """

    code: str
    what: str
    window: int | None
    family: bool

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes whose events it is made of."""
        if self.what in (OPEN, OPEN_DAYS, ENDED_DAYS):
            return f"{self.code}//START", f"{self.code}//END"
        return (self.code,) if self.code else ()


def read_name(name: str) -> Column:
    """Say what a column's name says.

    Examples
    --------
    >>> read_name("CP_PLAN|open|family")
    Column(code='CP_PLAN', what='open', window=None, family=True)
    >>> read_name("month_sin").what
    'month_sin'
    """
    own = name.removesuffix(FAMILY)
    found = _NAME.fullmatch(own)
    if found is None:
        return Column("", own, None, own != name)
    window = found["window"]
    days = int(window[:-1]) if window and window != _ALL else None
    return Column(found["code"], found["what"], days, own != name)
