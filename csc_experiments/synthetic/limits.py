"""What the knobs of an invented authority may be; each refusal names the key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from csc_experiments.errors import ConfigError
from csc_experiments.records.codes import ETHNICITY
from csc_experiments.synthetic.ethnicity import MIXES

FEWEST_CHILDREN = 20
"""Families have two children on average, and ten families are the fewest that can be told apart."""
MEDIAN_WORKING_DAYS = (3.0, 44.0)
"""From the lowest to the highest median of an English authority in 2024; the limit is 45 days."""

_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "children": (FEWEST_CHILDREN, 2_000_000),
    "child_population": (FEWEST_CHILDREN, 5_000_000),
    "years": (2, 30),
    "largest_family": (1, 30),
    "contact_rate": (0.02, 20.0),
    "need_effect": (0.0, 3.0),
    "need_persistence": (0.0, 0.999),
    "worker_error": (0.0, 10.0),
    "harm_effect": (0.0, 5.0),
    "service_effect": (0.0, 3.0),
    "signal": (0.0, 3.0),
    "unaccompanied_rate": (0.0, 100.0),
    "median_working_days": MEDIAN_WORKING_DAYS,
    "notes_per_quarter": (0.0, 30.0),
    "document_words": (0.01, 10.0),
}
_NOT_NUMBERS = {"authority", "lea", "last_day", "ethnicity", "system", "leak", "bias"}
_WHOLE = {"children", "child_population", "years", "largest_family"}


def check_settings(knobs: Mapping[str, Any]) -> None:
    """Refuse what no authority could be.

    Raises
    ------
    ConfigError
        If a value is impossible alone or beside the others; the message names the key.
    """
    if not str(knobs["authority"]).isalnum():
        raise ConfigError(
            "synthetic.authority must be a code of letters and digits.", todo="Write it like la1."
        )
    lea = knobs["lea"]
    if not (isinstance(lea, str) and len(lea) == 3 and lea.isascii() and lea.isdigit()):  # noqa: PLR2004 - digits of a number
        raise ConfigError("synthetic.lea must be three digits in quotes.", todo='Write it like "961".')
    for name, value in knobs.items():
        if name not in _NOT_NUMBERS and not (name == "children" and value is None):
            _check_number(name, value)
    _check_mix(knobs["ethnicity"])
    _check_together(knobs)


def _check_number(name: str, value: object) -> None:
    low, high = _RANGES.get(name, (0.0, 1.0))
    whole = name in _WHOLE
    right_kind = isinstance(value, int | float) and not isinstance(value, bool)
    if not right_kind or (whole and not isinstance(value, int)):
        raise ConfigError(
            f"synthetic.{name} must be a {'whole ' if whole else ''}number from {low} to {high}.",
            todo="Correct it in conf/dataset.",
        )
    # The comparison is also false for a value that is not a number (nan).
    if not (isinstance(value, int | float) and low <= value <= high):
        raise ConfigError(
            f"synthetic.{name} must be a number from {low} to {high}.", todo="Correct it in conf/dataset."
        )


def _check_mix(mix: object) -> None:
    if isinstance(mix, str) and mix in MIXES:
        return
    if not isinstance(mix, Mapping):
        raise ConfigError(
            "synthetic.ethnicity is not a known mix.",
            todo=f"Give shares by code, or one of {', '.join(MIXES)}.",
        )
    if unknown := sorted(set(map(str, mix)) - ETHNICITY):
        raise ConfigError(
            f"synthetic.ethnicity has {len(unknown)} keys that are not codes of the census.",
            todo=f"The codes: {', '.join(sorted(ETHNICITY))}.",
        )
    good = [isinstance(share, int | float) and 0 <= share < float("inf") for share in mix.values()]
    if not good or not all(good) or sum(mix.values()) <= 0:
        raise ConfigError(
            "synthetic.ethnicity needs shares that are not negative, one of them above 0.",
            todo="Correct it in conf/dataset.",
        )


def _check_together(knobs: Mapping[str, Any]) -> None:
    """Refuse targets that cannot be met beside others."""
    if knobs["share_referred"] * (1 + knobs["drift"]) > 1:
        raise ConfigError(
            "synthetic.drift would refer more contacts than there are, beside synthetic.share_referred.",
            todo="Lower one of them.",
        )
    if knobs["share_late_assessment"] >= 0.5:  # noqa: PLR2004 - the middle of a distribution
        raise ConfigError(
            "synthetic.share_late_assessment must be below 0.5: with it, synthetic.median_working_days lies"
            " beyond the 45 days that it is for.",
            todo="Lower it.",
        )
    children = knobs["children"] or knobs["child_population"]
    if knobs["largest_family"] > children:
        raise ConfigError(
            "synthetic.largest_family has more siblings than there are children.", todo="Lower it."
        )
