"""What is true of a family when it is referred: the factors that an assessment may find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from csc_experiments.synthetic.draws import Days, Floats, Index, Mask, stream, top_share
from csc_experiments.synthetic.need import Need
from csc_experiments.synthetic.people import Population


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that can be true of a family or child.

    Attributes
    ----------
    topic : str
        What documents call it; several codes may share a topic.
    code : str
        Assessment factor of the children in need census; 20 is "other".
    share : float
        Of referred children (old enough) of whom it is true.
    weight : float
        Correlation with need at the time.
    from_age : int
        For factors of a child, the lowest age in years; -1 for factors of the family.
    harm : float
        Correlation with how grave what was told at the referral is.
    """

    topic: str
    code: str
    share: float
    weight: float
    from_age: int = -1
    harm: float = 0.0


# Shares: Department for Education, Characteristics of children in need 2024, factors identified at the
# end of assessment, divided by the share of children who are old enough and by the share of factors that
# are recorded.
FACTORS: Final = (
    Factor("domestic_abuse", "3B", 0.33, 0.35),
    Factor("domestic_abuse", "3A", 0.11, 0.35, harm=0.25),
    Factor("domestic_abuse", "3C", 0.05, 0.15),
    Factor("parental_mental_health", "4B", 0.34, 0.35),
    Factor("alcohol", "1B", 0.15, 0.35),
    Factor("drugs", "2B", 0.15, 0.4, harm=0.2),
    Factor("household_drugs", "2C", 0.03, 0.2),
    Factor("neglect", "16A", 0.17, 0.5, harm=0.5),
    Factor("emotional_harm", "17A", 0.2, 0.4, harm=0.4),
    Factor("physical_harm", "18C", 0.12, 0.35, harm=0.5),
    Factor("sexual_harm", "19C", 0.035, 0.25, harm=0.4),
    Factor("parental_illness", "6B", 0.05, 0.1),
    Factor("parental_learning_disability", "5B", 0.03, 0.25),
    Factor("housing", "20", 0.11, 0.25),
    Factor("attendance", "20", 0.12, 0.25, 5),
    Factor("child_mental_health", "4A", 0.25, 0.2, 6),
    Factor("self_harm", "15A", 0.12, 0.25, 10),
    Factor("learning_disability", "5A", 0.13, 0.0, 2),
    Factor("physical_disability", "6A", 0.05, 0.0, 0),
    Factor("young_carer", "7A", 0.06, 0.2, 6),
    Factor("missing", "10A", 0.08, 0.35, 11),
    Factor("sexual_exploitation", "11A", 0.06, 0.3, 11),
    Factor("criminal_exploitation", "24A", 0.07, 0.3, 11),
    Factor("gangs", "13A", 0.045, 0.25, 11),
    Factor("behaviour", "14A", 0.15, 0.25, 9),
    Factor("child_drugs", "2A", 0.11, 0.3, 11),
    Factor("child_alcohol", "1A", 0.05, 0.2, 11),
)

LASTING = 0.55
"""Share of what is left of a factor, beyond need, that never changes in a family or child."""
DISABILITY_FACTORS = ("5A", "6A")


def codes_of(topic_or_code: str) -> Index:
    """Return the positions of the factors with this topic or code.

    Examples
    --------
    >>> codes_of("domestic_abuse").tolist()
    [0, 1, 2]
    """
    found = [at for at, factor in enumerate(FACTORS) if topic_or_code in {factor.topic, factor.code}]
    return np.array(found, dtype=np.int64)


def true_factors(
    seed: int,
    people: Population,
    need: Need,
    child: Index,
    *,
    day: Days,
    referral: Index,
    harm: Floats | None = None,
) -> Mask:
    """Draw what is true of each child on the day of its referral.

    Parameters
    ----------
    child, day, referral : numpy.ndarray, shape (n,)
        The child, the day, and the number of the referral; siblings who are referred together share a number.
    harm : numpy.ndarray, shape (n,), optional
        How grave what was told at the referral is; left out, of the average.

    Returns
    -------
    numpy.ndarray of bool, shape (n, len(FACTORS))
    """
    traits, news = stream(seed, "factor traits"), stream(seed, "factors")
    level = need.at(people.family[child], day)
    grave = np.zeros(child.size) if harm is None else harm
    age = (day - people.born[child]) / 365.25
    true = np.zeros((child.size, len(FACTORS)), dtype=bool)
    for at, factor in enumerate(FACTORS):
        family_trait = traits.standard_normal(people.size.size)[people.family[child]]
        child_trait = traits.standard_normal(people.born.size)[child]
        per_referral = news.standard_normal(int(referral.max(initial=-1)) + 1)[referral]
        per_child = news.standard_normal(child.size)
        own = factor.from_age >= 0
        lasting, passing = (child_trait, per_child) if own else (family_trait, per_referral)
        latent = factor.weight * level + factor.harm * grave + _rest(factor, lasting, passing)
        if factor.code in DISABILITY_FACTORS:
            latent += 2.0 * people.disabled[child]
        true[:, at] = top_share(latent, factor.share, age >= factor.from_age if own else age < np.inf)
    return true


def _rest(factor: Factor, lasting: Floats, passing: Floats) -> Floats:
    left = np.sqrt(1 - factor.weight**2 - factor.harm**2)
    return np.asarray(left * (np.sqrt(LASTING) * lasting + np.sqrt(1 - LASTING) * passing))


def drawn_to(signs: Mapping[str, tuple[str, ...]], codes: list[str], true: Mask) -> Floats:
    """Return how far the true factors draw each row towards each code.

    Parameters
    ----------
    signs : mapping of str to tuple of str
        Factors, by the code that fits them.
    codes : list of str
        The columns.
    true : numpy.ndarray of bool, shape (n, factors)
    """
    effects: Floats = np.zeros((true.shape[0], len(codes)))
    for code, factors in signs.items():
        at = np.concatenate([codes_of(factor) for factor in factors])
        effects[:, codes.index(code)] = 1.3 * true[:, at].any(axis=1)
    return effects
