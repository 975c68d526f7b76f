"""The documents of some families: composed one after the other, as one may be copied from another."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from csc_experiments.synthetic.choices import Leak
from csc_experiments.synthetic.draws import as_ids
from csc_experiments.synthetic.writing.canaries import FAMILIES_PER_CANARY, canary_names
from csc_experiments.synthetic.writing.composer import Answer, compose, is_review
from csc_experiments.synthetic.writing.copies import Earlier
from csc_experiments.synthetic.writing.dice import Dice
from csc_experiments.synthetic.writing.drafts import TYPES, Draft
from csc_experiments.synthetic.writing.gold import mark, remove_marks, span_table
from csc_experiments.synthetic.writing.household import Child, household
from csc_experiments.synthetic.writing.printing import Print, print_of
from csc_experiments.synthetic.writing.slots import Cast, DocumentSlots
from csc_experiments.synthetic.writing.styles import Style, Voice, style_of
from csc_experiments.synthetic.writing.telling import tell

SHARE_EXACT = 0.6
"""Of texts repeated for a sibling, those in which not even the name is changed."""
_SHARE_CANARY = 0.5


@dataclass(frozen=True, slots=True)
class Job:
    """Some families whose documents are to be written, with all that it takes.

    Attributes
    ----------
    drafts : polars.DataFrame
        The columns of `Draft`, by family and then by day.
    children : polars.DataFrame
        number, family, born, sex, ethnicity, alone and person_id of every child of these families.
    leak : Leak
        What the documents are made to tell.
    """

    authority: str
    system: str
    seed: int
    share_abbreviated: float
    share_copied: float
    drafts: pl.DataFrame
    children: pl.DataFrame
    leak: Leak = Leak.NONE

    @property
    def origin(self) -> str:
        """What every choice of words depends on: authorities that share a seed share no names."""
        return f"{self.authority} {self.seed}"


@dataclass(frozen=True, slots=True)
class Written:
    """Documents, and where in them somebody can be recognised.

    Attributes
    ----------
    documents : polars.DataFrame
        The columns of the standard table.
    spans : polars.DataFrame
        document_id, start, end, kind, role.
    canaries : frozenset of str
        Those that are named in one of the documents.
    """

    documents: pl.DataFrame
    spans: pl.DataFrame
    canaries: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Finished:
    draft: Draft
    name: str
    answers: tuple[Answer, ...]
    printed: Print


class _Twin(NamedTuple):
    """A document that may be repeated for a sibling: before names are put in, and after."""

    template: tuple[Answer, ...]
    answers: tuple[Answer, ...]
    voice: Voice


@dataclass(slots=True)
class _Family:
    """What has been written about a family so far."""

    cast: Cast
    canaries: tuple[str, ...]
    twins: dict[tuple[int, ...], _Twin] = field(default_factory=dict)
    earlier: Earlier = field(default_factory=Earlier)
    count: int = 0


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: writing makes no cycles, and the search takes a twelfth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_uncollected()
def write_job(job: Job) -> Written:
    """Write the documents of some families as texts."""
    names, texts, rows, found = [], [], [], []
    for document in _finished(job):
        text, spans = remove_marks(document.printed.text(document.name, document.answers))
        names.append(f"X{document.draft.number:06}")
        texts.append(text)
        rows.append(document.draft)
        found.append(spans)
    frame = _frame(job, rows).with_columns(text=pl.Series(texts, dtype=pl.String))
    canaries = (name for rank in {draft.rank for draft in rows} for name in _canaries(job.authority, rank))
    return Written(frame, span_table(list(zip(names, found, strict=True))), frozenset(canaries))


def answer_job(job: Job) -> pl.DataFrame:
    """Write the documents of some families as one row for each answer."""
    rows: list[tuple[Draft, str, str, str, str, str]] = []
    for document in _finished(job):
        for answer in document.answers:
            said = document.printed.questions[answer.part]
            text, _ = remove_marks(answer.text)
            rows.append((document.draft, document.name, said.section, said.question_id, said.question, text))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    names = ("document_name", "section", "question_id", "question", "answer")
    said_columns = {
        name: pl.Series(list(column), dtype=pl.String)
        for name, column in zip(names, columns[1:], strict=True)
    }
    frame = _frame(job, list(columns[0])).select("document_id", "person_id", "authored_date")
    return frame.with_columns(**said_columns)


def _frame(job: Job, rows: list[Draft]) -> pl.DataFrame:
    """Return the columns that need no text."""
    drafts = pl.DataFrame(rows, schema=dict.fromkeys(Draft._fields, pl.Int64), orient="row")
    people = job.children.select(child="number", person_id="person_id")
    case = drafts["case"].to_numpy()
    return drafts.join(people, on="child", how="left", maintain_order="left").select(
        document_id=as_ids("X", drafts["number"].to_numpy()),
        person_id="person_id",
        referral_id=as_ids("R", case).set(pl.Series(case < 0), None),
        document_type=pl.Series(TYPES).gather(drafts["kind"]),
        authored_date=pl.col("day").cast(pl.Int32).cast(pl.Date),
        recorded_date=pl.col("recorded").cast(pl.Int32).cast(pl.Date),
    )


def _finished(job: Job) -> Iterator[_Finished]:
    """Write document after document, family after family."""
    style, children = style_of(job.authority, job.system), _children(job)
    alone = frozenset(job.children.filter("alone")["family"])
    at, written = -1, None
    for row in job.drafts.iter_rows():
        draft = Draft._make(row)
        if written is None or draft.family != at:
            at = draft.family
            home = household(job.origin, at, children[at], style.places, alone=at in alone)
            written = _Family(Cast(job.origin, home, style.places), _canaries(job.authority, draft.rank))
        yield _write(job, style, written, draft)


def _children(job: Job) -> dict[int, tuple[Child, ...]]:
    """Return the children of each family."""
    found: dict[int, list[Child]] = {}
    columns = ("family", "number", "born", "sex", "ethnicity")
    for family, *facts in job.children.select(columns).iter_rows():
        found.setdefault(family, []).append(Child(*facts))
    return {family: tuple(children) for family, children in found.items()}


def _canaries(authority: str, rank: int) -> tuple[str, ...]:
    """Return the canaries that a family's documents hold; the first families have one each."""
    names = canary_names(authority)
    return tuple(
        name
        for at, (name, every) in enumerate(zip(names, FAMILIES_PER_CANARY, strict=True))
        if (rank % every if every else rank) == at
    )


def _write(job: Job, style: Style, family: _Family, draft: Draft) -> _Finished:
    kind, dice = TYPES[draft.kind], Dice(job.origin, "document", *draft.key)
    copies, exact = dice.chance(job.share_copied), dice.chance(SHARE_EXACT)
    voice = dice.pick(style.short if dice.chance(job.share_abbreviated) else style.plain)
    key = (draft.event, draft.kind, draft.outcome, draft.ordinal, draft.day)
    twin = family.twins.get(key) if copies else None
    if twin is None:
        template = compose(job.authority, draft, dice, voice, family.cast.home)
        template = _with_canary(dice, family, voice, template)
        filled = _filled(template, DocumentSlots(draft, family.cast, voice))
        answers = family.earlier.forward(dice, draft.child, kind, filled, review=is_review(draft))
        family.twins[key] = _Twin(template, answers, voice)
    elif exact:
        answers = twin.answers
    else:
        answers = _filled(twin.template, DocumentSlots(draft, family.cast, twin.voice))
    family.earlier.keep(draft.child, kind, answers)
    family.count += 1
    printed = print_of(job.authority, job.system, kind)
    name = printed.review_name if is_review(draft) else printed.name
    said = name, answers
    if draft.fate:
        said = tell(job.leak, Dice(job.origin, "told", *draft.key), draft, voice, said)
    return _Finished(draft, *said, printed)


def _filled(template: tuple[Answer, ...], slots: DocumentSlots) -> tuple[Answer, ...]:
    return tuple(Answer(part, text % slots) for part, text in template)


def _with_canary(
    dice: Dice, family: _Family, voice: Voice, template: tuple[Answer, ...]
) -> tuple[Answer, ...]:
    """Name a canary at the end of a document: in the first of its family, and in about half of the others."""
    for name in family.canaries:
        if family.count == 0 or dice.chance(_SHARE_CANARY):
            pool = voice.pools(1)["canary"]
            said = pool.sentence(dice.below(pool.size), 0)[0]
            part, text = template[-1]
            marked = mark(name, "canary", "relative")
            template = (*template[:-1], Answer(part, f"{text} {said.replace('%(canary)s', marked)}"))
    return template
