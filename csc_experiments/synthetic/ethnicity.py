"""Ethnic mixes of the children whom an authority knows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# Department for Education, Characteristics of children in need 2024, children in need at 31 March by
# ethnicity; the parts of a group that the publication does not give are the author's.
_ENGLAND = {
    "WBRI": 60.9, "WIRI": 0.2, "WIRT": 0.2, "WROM": 0.5, "WOTH": 4.6, "MWBC": 2.9, "MWBA": 1.1, "MWAS": 1.6,
    "MOTH": 3.5, "AIND": 1.0, "APKN": 2.9, "ABAN": 1.5, "AOTH": 2.6, "BCRB": 1.7, "BAFR": 5.0, "BOTH": 2.3,
    "CHNE": 0.2, "OOTH": 4.3, "REFU": 0.5, "NOBT": 2.5,
}  # fmt: skip
# The author's, after the kinds of authority in the 2021 census of population.
_SHIRE = {
    "WBRI": 82.0, "WIRI": 0.2, "WIRT": 0.6, "WROM": 0.6, "WOTH": 4.5, "MWBC": 1.8, "MWBA": 0.8, "MWAS": 1.3,
    "MOTH": 1.8, "AIND": 0.6, "APKN": 0.4, "ABAN": 0.4, "AOTH": 0.8, "BCRB": 0.3, "BAFR": 1.0, "BOTH": 0.4,
    "CHNE": 0.2, "OOTH": 1.0, "REFU": 0.3, "NOBT": 1.0,
}  # fmt: skip
_METROPOLITAN = {
    "WBRI": 55.0, "WIRI": 0.3, "WIRT": 0.2, "WROM": 1.3, "WOTH": 4.5, "MWBC": 3.5, "MWBA": 1.3, "MWAS": 2.2,
    "MOTH": 2.6, "AIND": 1.4, "APKN": 10.5, "ABAN": 2.5, "AOTH": 2.8, "BCRB": 1.4, "BAFR": 4.4, "BOTH": 1.8,
    "CHNE": 0.2, "OOTH": 2.8, "REFU": 0.3, "NOBT": 1.0,
}  # fmt: skip
_LONDON = {
    "WBRI": 21.0, "WIRI": 0.7, "WIRT": 0.3, "WROM": 0.4, "WOTH": 10.5, "MWBC": 5.2, "MWBA": 2.4, "MWAS": 1.6,
    "MOTH": 5.4, "AIND": 2.0, "APKN": 2.3, "ABAN": 6.5, "AOTH": 4.5, "BCRB": 7.0, "BAFR": 14.0, "BOTH": 5.0,
    "CHNE": 0.6, "OOTH": 7.6, "REFU": 1.0, "NOBT": 2.0,
}  # fmt: skip
_COASTAL = {
    "WBRI": 88.0, "WIRI": 0.2, "WIRT": 0.2, "WROM": 0.6, "WOTH": 3.4, "MWBC": 0.9, "MWBA": 0.6, "MWAS": 0.9,
    "MOTH": 1.2, "AIND": 0.2, "APKN": 0.3, "ABAN": 0.3, "AOTH": 0.4, "BCRB": 0.1, "BAFR": 0.6, "BOTH": 0.2,
    "CHNE": 0.1, "OOTH": 0.8, "REFU": 0.2, "NOBT": 0.8,
}  # fmt: skip

MIXES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "england": _ENGLAND,
        "shire": _SHIRE,
        "metropolitan": _METROPOLITAN,
        "london": _LONDON,
        "coastal": _COASTAL,
    }
)
"""Shares by ethnicity code, in percent, for kinds of authority."""


def ethnic_mix(said: str | Mapping[str, float]) -> Mapping[str, float]:
    """Return the shares that a setting stands for.

    Examples
    --------
    >>> ethnic_mix({"WBRI": 2, "BAFR": 1})["BAFR"]
    1
    """
    return MIXES[said] if isinstance(said, str) else said
