"""Standard codes in plain English: what is counted, as a plural that a figure can be labelled with.

The code sets are those of the Department for Education's children in need census and children looked-after
return (https://www.gov.uk/guidance/children-in-need-census,
https://www.gov.uk/guidance/children-looked-after-return); the wording is shortened.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_SOURCE: Final = {
    "1A": "a relative or carer",
    "1B": "an acquaintance",
    "1C": "the child",
    "1D": "another individual",
    "2A": "a school",
    "2B": "education services",
    "3A": "a GP",
    "3B": "a health visitor",
    "3C": "a school nurse",
    "3D": "other primary health services",
    "3E": "a hospital's emergency department",
    "3F": "other health services",
    "4": "housing services",
    "5A": "social care in the council",
    "5B": "another council service",
    "5C": "another council",
    "5D": "council services (5D)",
    "6": "the police",
    "7": "another legal agency",
    "8": "another source",
    "9": "someone anonymous",
    "10": "an unknown source",
}
_NEED: Final = {
    "N0": "no stated need",
    "N1": "abuse or neglect",
    "N2": "the child's disability or illness",
    "N3": "a parent's disability or illness",
    "N4": "family in acute stress",
    "N5": "family dysfunction",
    "N6": "socially unacceptable behaviour",
    "N7": "low income",
    "N8": "absent parenting",
    "N9": "a need outside social care",
}
_CLOSED: Final = {
    "RC1": "adopted",
    "RC2": "child died",
    "RC3": "child arrangements order",
    "RC4": "special guardianship",
    "RC5": "moved to another authority",
    "RC6": "moved to adult services",
    "RC7": "no longer in need or other reason",
    "RC8": "no further action after assessment",
    "RC9": "early help after assessment",
}
_FACTOR: Final = {
    "1A": "alcohol misuse, child",
    "1B": "alcohol misuse, parent",
    "1C": "alcohol misuse, another person",
    "2A": "drug misuse, child",
    "2B": "drug misuse, parent",
    "2C": "drug misuse, another person",
    "3A": "domestic abuse, child",
    "3B": "domestic abuse, parent",
    "3C": "domestic abuse, another person",
    "4A": "mental health, child",
    "4B": "mental health, parent",
    "4C": "mental health, another person",
    "5A": "learning disability, child",
    "5B": "learning disability, parent",
    "5C": "learning disability, another person",
    "6A": "physical disability or illness, child",
    "6B": "physical disability or illness, parent",
    "6C": "physical disability or illness, another person",
    "7A": "young carer",
    "8B": "privately fostered, from overseas, to return",
    "8C": "privately fostered, from overseas, to stay",
    "8D": "privately fostered, for education",
    "8E": "privately fostered, family's arrangement",
    "8F": "privately fostered, other",
    "9A": "unaccompanied asylum seeker",
    "10A": "going missing",
    "11A": "child sexual exploitation",
    "12A": "trafficking",
    "13A": "gangs",
    "14A": "socially unacceptable behaviour",
    "15A": "self-harm",
    "16A": "neglect",
    "17A": "emotional abuse",
    "18A": "physical abuse",
    "18B": "physical abuse by a child",
    "18C": "physical abuse by an adult",
    "19A": "sexual abuse",
    "19B": "sexual abuse by a child",
    "19C": "sexual abuse by an adult",
    "20": "another factor",
    "21": "no factor",
    "22A": "female genital mutilation",
    "23A": "abuse linked to faith or belief",
    "24A": "child criminal exploitation",
}
_ABUSE: Final = {
    "NEG": "neglect",
    "PHY": "physical abuse",
    "SAB": "sexual abuse",
    "EMO": "emotional abuse",
    "MUL": "several kinds of abuse",
}
_LEGAL: Final = {
    "C1": "interim care order",
    "C2": "full care order",
    "D1": "freeing order",
    "E1": "placement order",
    "V2": "accommodated by agreement",
    "V3": "short breaks, each recorded",
    "V4": "short breaks, by agreement",
    "L1": "police protection",
    "L2": "emergency protection order",
    "L3": "child assessment order",
    "J1": "on remand",
    "J2": "detained by the police",
    "J3": "sentenced, with residence",
}
_CARE_END: Final = {
    "X1": "a further episode begins",
    "E11": "adopted, unopposed",
    "E12": "adopted, consent dispensed with",
    "E2": "child died",
    "E3": "another authority took over",
    "E4A": "home, as planned",
    "E4B": "home, not as planned",
    "E13": "to carers without parental responsibility",
    "E41": "child arrangements order",
    "E43": "special guardianship, foster carers",
    "E44": "special guardianship, not foster carers",
    "E45": "special guardianship, kin foster carers",
    "E46": "special guardianship, unrelated foster carers",
    "E47": "special guardianship, kin",
    "E48": "special guardianship, unrelated carers",
    "E5": "independent living, supported",
    "E6": "independent living, unsupported",
    "E7": "adult residential care",
    "E8": "another reason",
    "E9": "sentenced to custody",
    "E14": "remand ended",
    "E15": "found to be an adult",
    "E16": "moved abroad",
    "E17": "stayed with carers at 18",
}
PARTS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = MappingProxyType(
    {
        "CONTACT//SOURCE": ("contacts from {}", _SOURCE),
        "REFERRAL//SOURCE": ("referrals from {}", _SOURCE),
        "REFERRAL//NEED": ("closed referrals for {}", _NEED),
        "REFERRAL//CLOSE": ("closures ({})", _CLOSED),
        "FACTOR": ("assessments finding {}", _FACTOR),
        "CP_PLAN//CATEGORY": ("child protection plans for {}", _ABUSE),
        "CLA//CEASED": ("ends of care ({})", _CARE_END),
        "LEGAL_STATUS": ("legal statuses ({})", _LEGAL),
    }
)
"""What a code with a part counts, and what each part stands for."""
WHOLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "CONTACT//START": "contacts",
        "CONTACT//NFA": "contacts with no further action",
        "EARLY_HELP//START": "early help episodes begun",
        "EARLY_HELP//END": "early help episodes ended",
        "REFERRAL//START": "referrals",
        "REFERRAL//NFA": "referrals with no further action",
        "REFERRAL//END": "referrals closed",
        "ASSESSMENT//START": "assessments begun",
        "ASSESSMENT//AUTHORISED": "assessments authorised",
        "ASSESSMENT//NFA": "assessments with no further action",
        "CIN_PLAN//START": "child in need plans begun",
        "CIN_PLAN//END": "child in need plans ended",
        "S47//START": "section 47 enquiries begun",
        "S47//END": "section 47 enquiries ended",
        "ICPC//HELD": "initial child protection conferences",
        "CP_PLAN//START": "child protection plans begun",
        "CP_PLAN//END": "child protection plans ended",
        "CP_REVIEW//HELD": "child protection reviews",
        "CLA//START": "periods of care begun",
        "CLA//END": "periods of care ended",
        "CLA//SHORT_BREAK": "short breaks in care",
        "PLACEMENT//START": "placements begun",
        "PLACEMENT//TEMPORARY": "temporary placements",
        "INVOLVEMENT//START": "workers' involvements begun",
        "INVOLVEMENT//END": "workers' involvements ended",
        "MISSING//START": "missing episodes",
    }
)
"""What a code without a part counts."""
SPELL_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "CIN_PLAN": "child in need plan",
        "CLA": "period of care",
        "CP_PLAN": "child protection plan",
        "EARLY_HELP": "early help episode",
        "INVOLVEMENT": "worker's involvement",
        "REFERRAL": "referral",
        "S47": "section 47 enquiry",
    }
)
"""What may be open, in the singular."""


def words_of(code: str) -> str:
    """Say in plain English what a code counts; a code of given events stands for itself.

    Examples
    --------
    >>> words_of("REFERRAL//SOURCE//6"), words_of("FACTOR//3B"), words_of("LOAN")
    ('referrals from the police', 'assessments finding domestic abuse, parent', 'LOAN')
    """
    if code in WHOLE:
        return WHOLE[code]
    plain, _, part = code.rpartition("//")
    sentence, parts = PARTS.get(plain, ("", {}))
    return sentence.format(parts[part]) if part in parts else code
