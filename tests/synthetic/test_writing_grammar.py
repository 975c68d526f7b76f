from __future__ import annotations

import re

import pytest

from csc_experiments.synthetic.contacts import SOURCES
from csc_experiments.synthetic.factors import FACTORS
from csc_experiments.synthetic.writing.drafts import OUTCOMES, STATUSES, TYPES, Draft
from csc_experiments.synthetic.writing.facts import HOUSEHOLD
from csc_experiments.synthetic.writing.forms import forms
from csc_experiments.synthetic.writing.grammar import BANDS, grammar
from csc_experiments.synthetic.writing.household import Child, household
from csc_experiments.synthetic.writing.places import places_of
from csc_experiments.synthetic.writing.slots import Cast, DocumentSlots
from csc_experiments.synthetic.writing.sources import kind_of_source
from csc_experiments.synthetic.writing.styles import style_of

TOPICS = {factor.topic for factor in FACTORS}
STANCES = ("present", "that", "noun", "any", "child", "pro", "absent")
ALIASES = {"source", "known", "outcome", "opening", "note", "status", "manager.status"}
CLAUSES = {"that": "she drinks", "noun": "drink", "any": "drink", "present": "She drinks.", "canary": "Zed"}
DAY = 19_000


def slots(authority: str, voice: int) -> DocumentSlots:
    style = style_of(authority, "MOSAIC")
    child = Child(7, DAY - 3000, "F", "WBRI")
    home = household("test", 3, (child, Child(8, DAY - 900, "M", "WBRI")), places_of(authority), alone=False)
    draft = Draft(
        number=1, family=3, rank=0, child=7, case=2, event=5, kind=1, ordinal=0, day=DAY, recorded=DAY,
        source=0, truth=5, status=0, outcome=0, earlier=-1, since=-1, words=100,
    )  # fmt: skip
    filled = DocumentSlots(draft, Cast("test", home, style.places), (*style.plain, *style.short)[voice])
    filled.update(CLAUSES)
    return filled


def test_there_are_hundreds_of_templates_and_each_stands_there_once() -> None:
    texts = [(key, template.text) for key, found in grammar().templates.items() for template in found]
    assert len(texts) > 1500
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("voice", range(6))
@pytest.mark.parametrize("authority", ["la1", "la2"])
def test_every_slot_of_every_template_can_be_filled(authority: str, voice: int) -> None:
    style, filled = style_of(authority, "MOSAIC"), slots(authority, voice)
    speaker = (*style.plain, *style.short)[voice]
    for key in grammar().templates:
        for band in range(len(BANDS)):
            pool = speaker.pools(band)[key]
            for at in range(pool.size):
                said = pool.sentence(at, voice)[0] % filled
                assert not re.search(r"[{}|]|%\(|^\s|\s$|  |\s[,;]", said), key
                assert said


def test_every_topic_can_be_spoken_of_in_every_stance() -> None:
    wanted = {f"{topic}.{stance}" for topic in TOPICS for stance in STANCES}
    assert wanted <= set(grammar().templates)


def test_every_heading_that_a_form_asks_for_is_there() -> None:
    parts = [part for form in forms().values() for part in form.parts]
    wanted = {key for part in parts for key in (*part.lead, *part.more)} - ALIASES
    wanted |= {outcome for outcome in OUTCOMES if outcome} | set(HOUSEHOLD) | {"known", "unknown", "nothing"}
    wanted |= {f"contact.{kind_of_source(source)}" for source in SOURCES}
    wanted |= {f"manager.status_{status}" for status in STATUSES if status}
    framed = {f"frame.{stance}" for part in parts for stance in part.stances} - {
        f"frame.{s}" for s in STANCES
    }
    assert wanted | framed <= set(grammar().templates)


def test_every_heading_is_used() -> None:
    parts = [part for form in forms().values() for part in form.parts]
    asked = {key for part in parts for key in (*part.lead, *part.more)}
    asked |= {f"frame.{stance}" for part in parts for stance in part.stances}
    asked |= {f"{topic}.{stance}" for topic in TOPICS for stance in STANCES} | set(OUTCOMES) | set(HOUSEHOLD)
    families = ("contact.", "note.", "log.", "email.", "manager.status_")
    left = {key for key in grammar().templates if key not in asked and not key.startswith(families)}
    assert left == {"canary", "nothing", "unknown", "conf.open", "review.open"}


def test_every_form_asks_of_topics_that_exist_and_is_of_a_type() -> None:
    assert set(forms()) == set(TYPES)
    for form in forms().values():
        assert len(form.names) == len(form.review_names)
        assert len({part.name for part in form.parts}) == len(form.parts)
        assert all(part.topics <= TOPICS for part in form.parts)
        assert all(bool(part.stances) == bool(part.topics) for part in form.parts)


def test_nothing_is_said_of_a_child_at_school_before_it_goes_there() -> None:
    for key, templates in grammar().templates.items():
        for template in templates:
            if "{school}" in template.text and not key.endswith(".list"):
                assert 0 not in template.bands, template.text


def test_nothing_is_said_of_a_family_to_a_child_who_has_none_here() -> None:
    speaker = style_of("la1", "MOSAIC").plain[0]
    filled = slots("la1", 0)
    for key in ("contact.police", "home", "routine", "voice", "strengths", "weekly", "analysis", "checks"):
        pool = speaker.pools(BANDS.index("alone"))[key]
        assert pool.size >= 2, key
        said = " ".join(pool.sentence(at, 0)[0] for at in range(pool.size))
        assert not re.search(r"%\((mother|father|partner|grand|aunt|uncle|sib)", said), key
        assert said % filled
