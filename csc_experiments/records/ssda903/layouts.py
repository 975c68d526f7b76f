"""Which files a children looked-after return (SSDA903) has, and how a file, its table and its year are told.

Source: Department for Education, Children looked after by local authorities in England, guides to the
SSDA903 collection (https://www.gov.uk/guidance/children-looked-after-return).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "header": "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB",
        "episodes": (
            "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN"
        ),
        "uasc": "CHILD SEX DOB DUC",
        "oc2": (
            "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK "
            "HEALTH_ASSESSMENT SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED"
        ),
        "oc3": "CHILD DOB IN_TOUCH ACTIV ACCOM",
        "ad1": "CHILD DOB DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR",
        "placed for adoption": "CHILD DOB DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED",
        "reviews": "CHILD DOB REVIEW REVIEW_CODE",
        "previous permanence": "CHILD DOB PREV_PERM LA_PERM DATE_PERM",
        "missing": "CHILD DOB MISSING MIS_START MIS_END",
        "social workers": "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON",
        "deprivation of liberty": "CHILD DOB DOLO_START DOLO_END",
    }
)
"""Every file of the return with its columns, in order."""
LAYOUTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {table: frozenset(columns.split()) for table, columns in COLUMNS.items()}
)
"""Every file with all the columns that it has had since 2017."""

_MANY = {"CHILD", "SEX", "DOB"}
"""Columns of several files, by which none is told."""

USED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "header": {
            "CHILD": "pers_person_id",
            "SEX": "pers_sex",
            "DOB": "pers_dob",
            "ETHNIC": "pers_ethnicity",
            "UPN": "pers_upn_unknown",
        },
        "episodes": {
            "CHILD": "clae_person_id",
            "DECOM": "clae_cla_episode_start_date",
            "RNE": "clae_cla_episode_start_reason",
            "LS": "lega_legal_status",
            "CIN": "clae_cla_primary_need_code",
            "PLACE": "clap_cla_placement_type",
            "PLACE_PROVIDER": "clap_cla_placement_provider",
            "DEC": "clae_cla_episode_ceased_date",
            "REC": "clae_cla_episode_ceased_reason",
            "REASON_PLACE_CHANGE": "clap_cla_placement_change_reason",
        },
        "missing": {
            "CHILD": "miss_person_id",
            "MISSING": "miss_missing_episode_type",
            "MIS_START": "miss_missing_episode_start_date",
            "MIS_END": "miss_missing_episode_end_date",
        },
    }
)
"""The columns that are read, with the standard column that says how. No other file has a standard table.

Social workers would have one, but the return tells only those of children who are looked after on its 31
March: that a child has one in the summer before would give away that it is to be in care next spring.
"""

NEEDED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "header": frozenset({"CHILD", "DOB"}),
        "episodes": frozenset({"CHILD", "DECOM", "RNE", "LS", "PLACE", "DEC", "REC"}),
        "missing": frozenset({"CHILD", "MIS_START", "MIS_END"}),
    }
)
"""The columns without which a file cannot be used."""

YEARS = "Returns are told by the year in which they end: 2025 for April 2024 to March 2025."
"""What to do where a year is missing or another than the dates say."""

_NAMES = (
    ("social workers", r"sw[_ -]?episode|social[_ -]?worker"),
    ("missing", r"missing"),
    ("previous permanence", r"prev[a-z]*[_ -]?perm|permanence"),
    ("placed for adoption", r"plac[a-z]*[_ -]?(?:for[_ -]?)?adopt|sbpfa|(?<![a-z])placed(?![a-z])"),
    ("deprivation of liberty", r"(?<![a-z])dolo(?![a-z])"),
    ("oc2", r"(?<![a-z])oc[_ -]?2(?![0-9])"),
    ("oc3", r"(?<![a-z])oc[_ -]?3(?![0-9])"),
    ("ad1", r"(?<![a-z])ad[_ -]?1(?![0-9])"),
    ("uasc", r"uasc"),
    ("reviews", r"review"),
    ("header", r"header"),
    ("episodes", r"episode"),
)
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?:[-_ /]?((?:20)?[0-9]{2}))?(?![0-9])")


def table_of_columns(columns: Iterable[str]) -> tuple[str, ...]:
    """Return the files that have any of these columns for their own; none without a child.

    Examples
    --------
    >>> table_of_columns(["CHILD", "DOB", "MIS_START"])
    ('missing',)
    >>> table_of_columns(["CHILD", "SEX", "DOB"])
    ()
    """
    present = set(columns)
    if "CHILD" not in present:
        return ()
    return tuple(table for table, known in LAYOUTS.items() if (known - _MANY) & present)


def table_of_name(name: str) -> str | None:
    """Return the file that a file's name speaks of.

    Examples
    --------
    >>> table_of_name("SWEpisodes_2024"), table_of_name("2024 Episodes"), table_of_name("upload1")
    ('social workers', 'episodes', None)
    """
    return next((table for table, pattern in _NAMES if re.search(pattern, name.lower())), None)


def year_of_name(name: str) -> int | None:
    """Return the one collection year that a name speaks of: the year in which the collection ends.

    Examples
    --------
    >>> year_of_name("2025-episodes"), year_of_name("SSDA903_2024-25_episodes")
    (2025, 2025)
    >>> year_of_name("episodes taken 2025-06-30") is None
    True
    """
    years: set[int | None] = {_collection_year(*found) for found in _YEAR.findall(name)}
    return years.pop() if len(years) == 1 else None


def says_both_years(name: str) -> bool:
    """Tell whether a name gives the year in which a collection begins and that in which it ends.

    Examples
    --------
    >>> says_both_years("2024-25 episodes"), says_both_years("2024-episodes")
    (True, False)
    """
    return any(following for _, following in _YEAR.findall(name))


def _collection_year(year: str, following: str) -> int | None:
    if not following:
        return int(year)
    return int(year) + 1 if int(following) % 100 == (int(year) + 1) % 100 else None


def last_day(year: int) -> date:
    """Return the day on which a collection year ends."""
    return date(year, 3, 31)
