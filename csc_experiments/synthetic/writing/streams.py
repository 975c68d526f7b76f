"""A whole authority's documents, some families at a time, so that they never stand in memory together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeVar

import polars as pl
from joblib import Parallel, cpu_count, delayed

from csc_experiments.synthetic.choices import Leak
from csc_experiments.synthetic.draws import as_ids
from csc_experiments.synthetic.settings import AuthoritySettings
from csc_experiments.synthetic.simulation import Simulation
from csc_experiments.synthetic.writing.chunks import Job, Written, answer_job, write_job
from csc_experiments.synthetic.writing.plan import plan_documents

WORDS_AT_ONCE: Final = 300_000
_WAITING_PER_WORKER = 2
_ENOUGH_JOBS, _MOST_WORKERS = 8, 8
T = TypeVar("T")


def write_documents(
    settings: AuthoritySettings,
    seed: int,
    lives: Simulation,
    *,
    workers: int | None = None,
    words_at_once: int = WORDS_AT_ONCE,
) -> Iterator[Written]:
    """Write an authority's documents with the places at which somebody is named.

    Parameters
    ----------
    lives : Simulation
        What happened, from the same settings and seed.
    workers : int, optional
        Processes to share the work; what is written does not depend on it. By default one where there is
        little to write, and otherwise as many as there are processors.
    words_at_once : int
        About how long a part is; what is written does not depend on it either.

    Yields
    ------
    Written
        Some families' documents, in an order that depends on nothing but the settings and the seed.
    """
    yield from _shared(write_job, list(jobs(settings, seed, lives, words_at_once)), workers)


def write_answers(
    settings: AuthoritySettings,
    seed: int,
    lives: Simulation,
    *,
    workers: int | None = None,
    words_at_once: int = WORDS_AT_ONCE,
) -> Iterator[pl.DataFrame]:
    """Write the same documents as their forms hold them: one row for each answer.

    Yields
    ------
    polars.DataFrame
        document_id, person_id, authored_date, document_name, section, question_id, question, answer.
    """
    yield from _shared(answer_job, list(jobs(settings, seed, lives, words_at_once)), workers)


def jobs(settings: AuthoritySettings, seed: int, lives: Simulation, words_at_once: int) -> Iterator[Job]:
    """Divide an authority's families into parts of about so many words."""
    drafts, children = plan_documents(settings, seed, lives), _children(lives)
    words = drafts.group_by("family", maintain_order=True).agg(pl.col("words").sum())
    part = (words["words"].cum_sum() - words["words"]) // words_at_once
    parts = words.select("family", part=part)
    share_copied = 1.0 if settings.leak is Leak.SIBLING_COPIES else settings.share_copied
    for number in parts["part"].unique(maintain_order=True):
        families = parts.filter(pl.col("part") == number)
        first, last = families["family"][0], families["family"][-1]
        some = pl.col("family").is_between(first, last)
        yield Job(
            settings.authority, settings.system.name, seed, settings.share_abbreviated, share_copied,
            drafts.filter(some), children.filter(some), settings.leak,
        )  # fmt: skip


def _children(lives: Simulation) -> pl.DataFrame:
    """Return who the children are, as the records have them."""
    people = lives.people
    everyone = pl.DataFrame(
        {
            "number": range(people.born.size),
            "family": people.family,
            "born": people.born,
            "alone": people.alone[people.family],
        }
    ).with_columns(person_id=as_ids("P", lives.person))
    recorded = lives.tables["ssd_person"].select(
        person_id="pers_person_id", sex="pers_sex", ethnicity="pers_ethnicity"
    )
    joined = everyone.join(recorded, on="person_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col("sex").fill_null("U"), pl.col("ethnicity").fill_null(""))


def _shared(work: Callable[[Job], T], todo: list[Job], workers: int | None) -> Iterator[T]:
    """Do jobs in processes, a few at a time, and hand on what they give in the order of the jobs."""
    count = min(workers or (cpu_count() if len(todo) >= _ENOUGH_JOBS else 1), _MOST_WORKERS)
    if count == 1:
        yield from map(work, todo)
        return
    in_processes = Parallel(
        n_jobs=count, return_as="generator", pre_dispatch=count * _WAITING_PER_WORKER, batch_size=1
    )
    yield from in_processes(delayed(work)(job) for job in todo)
