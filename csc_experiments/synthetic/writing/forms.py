"""The forms that documents are filled in on: sections, questions, and what belongs into each answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

from csc_experiments.synthetic.factors import FACTORS

_TOPICS = tuple(dict.fromkeys(factor.topic for factor in FACTORS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One question of a form.

    Attributes
    ----------
    name : str
        What it is called here; a paragraph is copied forward to a part of the same name.
    section, question : tuple of str
        Wordings, of which an authority uses one.
    core : int
        Short documents answer the questions with the lowest numbers.
    weight : float
        How much of the document it takes.
    lead : tuple of str
        Headings of the grammar from which one sentence each is taken first.
    topics : frozenset of str
        The topics that belong here.
    stances : tuple of str
        In which way topics are spoken of here.
    more : tuple of str
        Headings of the grammar to go on with.
    make : str
        What is listed here instead of sentences; empty for none.
    copy, na, review : bool
        Whether it may be copied forward; may be left as not applicable; is asked in reviews only.
    """

    name: str
    section: tuple[str, ...]
    question: tuple[str, ...]
    core: int
    weight: float
    lead: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    stances: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    make: str = ""
    copy: bool = False
    na: bool = False
    review: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form: what it is called, and its questions in order."""

    names: tuple[str, ...]
    review_names: tuple[str, ...]
    code: str
    parts: tuple[Part, ...]


@cache
def forms() -> Mapping[str, Form]:
    """Read every form, by type of document."""
    folder = files("csc_experiments.synthetic.writing").joinpath("forms")
    texts = {path.name.removesuffix(".yaml"): path.read_text(encoding="utf-8") for path in folder.iterdir()}
    return MappingProxyType({name: _form(yaml.safe_load(text)) for name, text in sorted(texts.items())})


def _form(said: Mapping[str, object]) -> Form:
    names = _words(said["names"])
    parts = said["parts"]
    if not isinstance(parts, list):
        raise TypeError("A form's parts are a list.")
    return Form(names, _words(said.get("review_names", names)), str(said["code"]), tuple(map(_part, parts)))


def _part(said: Mapping[str, object]) -> Part:
    topics = said.get("topics", ())
    return Part(
        name=str(said["name"]),
        section=_words(said["section"]),
        question=_words(said["question"]),
        core=int(str(said["core"])),
        weight=float(str(said["weight"])),
        lead=_words(said.get("lead", ())),
        topics=frozenset(_TOPICS if topics == "all" else _words(topics)),
        stances=_words(said.get("stances", ())),
        more=_words(said.get("more", ())),
        make=str(said.get("make", "")),
        copy=said.get("copy") is True,
        na=said.get("na") is True,
        review=said.get("review") is True,
    )


def _words(said: object) -> tuple[str, ...]:
    if not isinstance(said, list | tuple):
        raise TypeError("A form's words are lists.")
    return tuple(map(str, said))
