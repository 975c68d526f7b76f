"""The sentences that invented documents are made of.

A template holds ``{slots}``; each is filled with one of the alternatives in `SLOTS`, with a term that depends
on the style of the document (`PLAIN`, `ABBREVIATED`), or with a name, date or relative given by the document.
No sentence says what was decided: only what was seen, heard or alleged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PLAIN: Final[Mapping[str, str]] = {
    "mo": "mother", "fa": "father", "mgm": "maternal grandmother", "yp": "the young person",
    "sw": "social worker", "dv": "domestic abuse", "mh": "mental health", "hv": "home visit",
    "tc": "telephone call", "tm": "team manager", "sch": "school", "hosp": "hospital",
    "asb": "anti-social behaviour", "ld": "learning disability", "vis": "health visitor", "re": "regarding",
    "pol": "police officers",
}  # fmt: skip
ABBREVIATED: Final[Mapping[str, str]] = {
    "mo": "Mo", "fa": "Fa", "mgm": "MGM", "yp": "YP", "sw": "SW", "dv": "DV", "mh": "MH", "hv": "H/V",
    "tc": "T/C", "tm": "TM", "sch": "sch", "hosp": "hosp", "asb": "ASB", "ld": "LD", "vis": "HV",
    "re": "re", "pol": "police",
}  # fmt: skip

SLOTS: Final[Mapping[str, tuple[str, ...]]] = {
    "says": ("reports", "described", "mentioned", "spoke of", "talked of", "acknowledged"),
    "tells": ("reports", "says", "states", "told {sw}", "mentioned", "told {who_saw}"),
    "third": (
        "A neighbour alleges", "{mgm} is worried", "A relative has said", "An anonymous caller claims",
        "A family friend believes", "{sch} staff have heard", "The landlord mentioned",
    ),
    "hedge": (
        "It appears", "It is possible", "There is some suggestion", "It was not clear, but it seems",
        "The information is second hand, but it may be", "Professionals suspect", "It has been said",
    ),
    "often": (
        "most weekends", "on several occasions", "for some months", "since {when}", "again recently",
        "almost daily", "from time to time", "more since the birthday", "over the last few weeks",
    ),
    "when": (
        "last summer", "the spring", "Christmas", "the house move", "{date}", "half term", "the separation",
        "the start of term", "the death of a relative",
    ),
    "who_saw": (
        "the {vis}", "the GP", "{sch}", "{mgm}", "a support worker", "{pol}", "the nursery", "a neighbour",
    ),
    "noted": ("noted", "observed", "recorded", "reported", "mentioned"),
    "worry": ("worry", "concern", "unease", "anxiety"),
    "mood": ("low", "flat", "tearful", "anxious", "overwhelmed", "exhausted", "irritable"),
    "place": (
        "at home", "in the kitchen", "outside the house", "at the flat", "in the car park", "in the street",
    ),
    "drink": ("vodka", "cider", "wine", "strong lager", "alcohol"),
    "drug": ("cannabis", "cocaine", "heroin", "pills bought online", "ketamine", "crack"),
    "state": ("cluttered", "cold", "very dirty", "sparsely furnished", "damp", "strewn with rubbish"),
    "job": (
        "works nights", "is out of work", "has started a course", "has lost shifts", "cares for a parent",
    ),
}  # fmt: skip

TRUE: Final[Mapping[str, tuple[str, ...]]] = {
    "domestic_abuse": (
        "{mo} {tells} that {fa} pushed her {place} on {date}.",
        "Shouting and {dv} between the adults {often}.",
        "{pol} attended {place} on {date} following an argument; {fa} was verbally abusive to {mo}.",
        "{third} that {fa} hits {mo} and {child} hears it.",
        "{child} {says} being scared when {fa} shouts {often}.",
        "{hedge} that {dv} has been present {often}; {mo} minimises this.",
    ),
    "parental_mental_health": (
        "{mo} {says} feeling {mood} and {mood} {often}.", "{mo}'s {mh} has been poor since {when}.",
        "{who_saw} {noted} that {mo} presented as {mood}.",
        "{mo} is prescribed medication for her {mh} but misses doses {often}.",
        "{hedge} that {mo} is {mood} and struggles to get up {often}.",
        "{fa} {tells} that his depression has returned since {when}.",
    ),
    "alcohol": (
        "{mo} {says} drinking {drink} {often}.", "{who_saw} {noted} a smell of alcohol on {fa} on {date}.",
        "{third} that {mo} is drunk {often}.", "Empty bottles of {drink} were seen {place}.",
        "{hedge} that {fa} drinks {drink} {often}.", "{child} {tells} that the adults get drunk {often}.",
    ),
    "drugs": (
        "{fa} {says} using {drug} {often}.", "{third} that people come to buy {drug} {often}.",
        "There was a smell of cannabis {place} on {date}.", "{hedge} that {mo} uses {drug}.",
        "{mo} tested positive for {drug} on {date}.", "{who_saw} {noted} drug paraphernalia {place}.",
    ),
    "household_drugs": (
        "An uncle who stays {often} is known to use {drug}.",
        "{mo}'s partner {says} smoking {drug} {often}.",
    ),
    "neglect": (
        "{child} comes to {sch} hungry and in dirty clothes {often}.",
        "The home was {state} on {date} and there was little food.",
        "{who_saw} {noted} that {child} has untreated head lice {often}.",
        "{third} that {child} is left alone {often}.",
        "{child} has missed dental and {hosp} appointments {often}.",
        "{hedge} that basic care has slipped since {when}.",
    ),
    "emotional_harm": (
        "{mo} speaks about {child} in a critical way {often}.",
        "{child} {says} being called names at home {often}.",
        "{who_saw} {noted} little warmth towards {child} on {date}.",
        "{third} that {fa} humiliates {child} {often}.",
        "{child} appeared withdrawn and watchful of the adults on {date}.",
    ),
    "physical_harm": (
        "{child} had a mark on the arm on {date} and {tells} that {fa} did it.",
        "{third} that {mo} slaps {child} {often}.",
        "{who_saw} {noted} bruising that was not well explained on {date}.",
        "{hedge} that {child} was grabbed hard by {fa}.",
    ),
    "sexual_harm": (
        "{child} made a statement about being touched, to {who_saw}, on {date}.",
        "{hedge} that a visitor behaved sexually towards {child}.",
        "{who_saw} {noted} sexualised behaviour {often}.",
    ),
    "parental_illness": (
        "{mo} lives with a long-term illness and is in pain {often}.",
        "{fa} uses a wheelchair since {when}.", "{mo} was in {hosp} with her own health on {date}.",
    ),
    "parental_learning_disability": (
        "{mo} has a {ld} and needs information read to her.",
        "{fa} has a {ld}; advice is repeated {often}.",
    ),
    "housing": (
        "The family are in temporary accommodation since {when}.",
        "There are rent arrears and a notice to leave by {date}.",
        "The property is {state} and overcrowded; {child} shares a bed.",
        "The family slept on a friend's sofa {often}.",
        "{mo} {tells} that the heating has not worked since {when}.",
    ),
    "attendance": (
        "Attendance is poor and {child} was absent {often}.", "{sch} {noted} lateness {often}.",
        "{child} has been excluded for a fixed period from {date}.",
        "{child} has not been in {sch} since {when}.",
    ),
    "child_mental_health": (
        "{child} is {mood} and does not sleep well {often}.", "{child} is waiting for CAMHS since {when}.",
        "{sch} {noted} panic attacks {often}.", "{child} {says} feeling {mood} {often}.",
    ),
    "self_harm": (
        "{child} has cut both arms {often}.",
        "{who_saw} {noted} scratches that {child} says were self-inflicted on {date}.",
        "{child} took tablets on {date} and was seen at {hosp}.",
    ),
    "learning_disability": (
        "{child} has a {ld} and goes to a special school.", "{child} has autism and finds change hard.",
        "{child}'s speech is delayed; the {vis} is involved.",
    ),
    "physical_disability": (
        "{child} has a physical disability and uses equipment at home.",
        "{child} has epilepsy, with seizures {often}.",
    ),
    "young_carer": (
        "{child} cooks and cares for {mo} {often}.",
        "{child} {says} looking after the little ones {often}.",
        "{sch} {noted} that {child} is tired from caring.",
    ),
    "missing": (
        "{child} went missing overnight on {date}.", "{child} does not come home {often}.",
        "{pol} found {child} far from home on {date}.",
    ),
    "sexual_exploitation": (
        "{child} has gifts from an older man met online.",
        "{third} that {child} is picked up by men in cars {often}.",
        "{hedge} that {child} is being sexually exploited.",
    ),
    "criminal_exploitation": (
        "{child} was found with cash and two phones on {date}.",
        "{hedge} that {child} is carrying drugs for older boys.",
        "{third} that {child} is made to deliver packages {often}.",
    ),
    "gangs": (
        "{child} is linked to a local group by {pol}.",
        "{child} {says} being afraid to cross the estate {often}.", "{third} that {child} carries a knife.",
    ),
    "behaviour": (
        "{child} is involved in {asb} {often}.", "{child} was violent to {mo} on {date}.",
        "{sch} {noted} fights {often}.",
    ),
    "child_drugs": (
        "{child} smokes cannabis {often}.", "{sch} found a vape with {drug} on {date}.",
        "{child} {says} trying {drug} with friends.",
    ),
    "child_alcohol": (
        "{child} was drunk {place} on {date}.", "{child} drinks {drink} with friends {often}.",
    ),
}  # fmt: skip
"""What is said of each topic when it is true."""

ABSENT: Final[Mapping[str, tuple[str, ...]]] = {
    "domestic_abuse": ("No reports of {dv} known to {pol}.", "{mo} denies any {dv}."),
    "parental_mental_health": ("{mo} {tells} that her {mh} is good.", "No {worry} {re} the parents' {mh}."),
    "alcohol": (
        "No alcohol was seen or smelt.", "No concerns {re} alcohol.",
        "{who_saw} has no {worry} {re} alcohol.",
    ),
    "drugs": (
        "{fa} denies drug use and there is no evidence of it.", "No concerns {re} drugs.",
        "No {worry} {re} drugs on {date}.",
    ),
    "neglect": (
        "No concerns {re} neglect.", "The home was clean, warm and well stocked on {date}.",
        "No {worry} {re} basic care.",
    ),
    "physical_harm": ("No marks or injuries were seen.", "{child} {tells} that nobody hits at home."),
    "emotional_harm": (
        "{mo} was warm and patient with {child}.", "{child} spoke fondly of {mo} on {date}.",
    ),
    "housing": (
        "The tenancy is secure.", "{mo} {tells} that the flat is warm and settled.",
        "No {worry} {re} housing.",
    ),
    "attendance": (
        "Attendance is good.", "Attendance has been good since {when}.",
        "{sch} has no {worry} {re} attendance.",
    ),
    "self_harm": (
        "No thoughts of self-harm.", "{child} denies self-harm.",
        "No {worry} {re} self-harm according to {who_saw}.",
    ),
    "missing": (
        "{child} does not go missing.", "{child} is home on time.",
        "No missing episodes known to {pol} since {when}.",
    ),
}  # fmt: skip
"""What is said, now and then, of a topic that is not true."""

OPENINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "contact_and_referral_form": (
        "Information received on {today} about {full}, from {who_saw}.",
        "{tc} from {who_saw} on {today} {re} {full}.",
        "{pol} shared an incident log dated {date} that names {full}.",
        "{who_saw} got in touch on {today}, worried about {full}.",
        "Email dated {today} {re} {full} and the family.",
        "{mgm} rang on {today} and asked for help for {full}.",
    ),
    "single_assessment": (
        "Assessment of {full}, seen at home on {date}.", "{full} was seen alone at {sch} on {date}.",
        "This assessment draws on visits since {date} and talks with {who_saw}.",
        "{sw} met {full} and {mo} first on {date}.",
        "{mo}, {parent}, took part in the assessment of {full}; {fa} was spoken to on {date}.",
    ),
    "case_note": (
        "{hv} on {today}; {child} seen.", "{tc} with {mo}, {parent}, on {today}.",
        "{sch} visit on {today} to see {child}.", "Unannounced {hv} on {today}, {mo} answered the door.",
        "{tm} discussion on {today} {re} {full}.", "Joint {hv} with {who_saw} on {today}.",
        "{child} spoken to alone in the bedroom on {today}.",
    ),
}  # fmt: skip

FILLERS: Final[tuple[str, ...]] = (
    "{child} likes drawing and {tells} that football is best.", "{mo} {job}.",
    "{fa} {job} and visits at weekends.", "{mgm} helps with meals {often}.",
    "{child} has a good friend at {sch}.", "{mo} agreed to information being shared.",
    "{child} would like more time with {fa}.", "The GP has no new information since {when}.",
    "{parent} was polite and answered questions.", "{mo} asked for advice about routines and bedtime.",
    "{child} enjoys time with {mgm} {often}.", "A younger cousin stayed since {when}.",
    "{who_saw} last saw {child} on {date}.", "{mo} {tells} that money is tight {often}.",
    "{fa} was not present on {date}.", "{child} was dressed well for the weather and chatted easily.",
    "{mo} and {fa} separated around {when}.", "Health checks are up to date as of {date}.",
    "{child} {says} missing the old house.", "An interpreter was offered but not needed.",
    "{mo} attended the parenting group on {date}.", "The family moved to the area after {when}.",
    "{child} has started a club {often}.", "Grandparents live nearby and see {child} {often}.",
    "The nursery {noted} that {child} settles quickly.", "{mo} said she finds mornings hard since {when}.",
    "{child} was shy at first, then showed {sw} a drawing.",
    "{sw} explained the purpose of the visit to {mo}.", "{mo} is pregnant, {who_saw} {noted}.",
    "Another {tc} was made to {fa} on {date}, no answer.",
)  # fmt: skip

FORENAMES: Final[tuple[str, ...]] = (
    "Aaron", "Abi", "Adil", "Aisha", "Alfie", "Amelia", "Amir", "Anya", "Archie", "Bella", "Callum",
    "Casey", "Chloe", "Connor", "Daisy", "Dominik", "Ella", "Esme", "Ethan", "Farah", "Finley", "Freya",
    "Grace", "Hamza", "Harley", "Imani", "Isla", "Jayden", "Jodie", "Kai", "Kayla", "Keira", "Leon", "Lexi",
    "Lola", "Maja", "Mason", "Mia", "Nadia", "Noah", "Oscar", "Poppy", "Reece", "Rosie", "Ruby", "Samir",
    "Skye", "Sonny", "Tariq", "Tyler", "Zara", "Zofia",
)  # fmt: skip
PARENT_NAMES: Final[tuple[str, ...]] = (
    "Amanda", "Becky", "Carly", "Donna", "Emma", "Fatima", "Gemma", "Hayley", "Iwona", "Jade", "Kelly",
    "Laura", "Michelle", "Natalie", "Olga", "Priya", "Rachel", "Samantha", "Tracey", "Uzma", "Vicky",
    "Yasmin",
)  # fmt: skip
SURNAME_STARTS: Final[tuple[str, ...]] = (
    "Ash", "Bram", "Cal", "Den", "Eld", "Farn", "Gos", "Hask", "Ing", "Kel", "Lang", "Mar", "Nor", "Oak",
    "Pem", "Rad", "Sel", "Thorn", "Wes", "Yar",
)  # fmt: skip
SURNAME_ENDS: Final[tuple[str, ...]] = (
    "bourne", "by", "combe", "den", "field", "gate", "ham", "hurst", "ley", "low", "stead", "ton", "wick",
    "worth",
)  # fmt: skip
