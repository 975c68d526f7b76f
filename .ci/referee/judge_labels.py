# noqa: INP001 - a script, not a package
"""Answer every question with ACES, and compare its labels with ours: `judge_labels.py FOLDER`.

Runs in an environment of its own. It says how many, never which. Reads what write_labels.py wrote and the
tasks in ``aces``: each is two tasks of ACES, of the cases with the outcome and of those without, for ACES has
no window that ends with whichever of two events comes first.
"""

from __future__ import annotations

import copy
import logging
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from aces.config import TaskExtractorConfig
from aces.predicates import get_predicates_df
from aces.query import query
from omegaconf import DictConfig

TASKS = Path(__file__).parent / "aces"
LABELS = {"with_outcome": True, "without_outcome": False}
SPELLS = ("EARLY_HELP", "REFERRAL", "CP_PLAN", "CLA")
BEGINNING = datetime(1900, 1, 1)  # noqa: DTZ001 - days of records have no time zone
ROW = ["subject_id", "prediction_time"]
DAYS = re.compile(r"\+ (\d+)d$")
Task = dict[str, Any]
Given = tuple[int, datetime, str, float | None]


@dataclass(frozen=True)
class Verdict:
    """How many rows both have with one label, and how many not."""

    ours: int
    agreed: int
    only_ours: int
    only_theirs: int
    other_label: int

    @property
    def different(self) -> int:
        """Rows that are not the same."""
        return self.only_ours + self.only_theirs + self.other_label


def main(folder: Path) -> int:
    """Judge every world; 1 if any row differs or a planted fault is not seen."""
    tasks = {path.stem: read_task(path) for path in sorted(TASKS.glob("*.yaml")) if path.stem != "predicates"}
    worlds = sorted(path.parent for path in folder.glob("*/events.parquet"))
    labels = {path.stem for world in worlds for path in world.glob("*.parquet")} - {"events"}
    if labels != set(tasks):
        sys.exit(f"Questions and tasks of ACES differ: {', '.join(sorted(labels ^ set(tasks)))}.")
    wrong = sum(judged(world, tasks) for world in worlds)
    missed = [fault for name, task in tasks.items() for fault in unseen_faults(folder, name, task)]
    for fault in missed:
        sys.stdout.write(f"The referee is asleep: a planted fault made no difference: {fault}\n")
    sys.stdout.write(f"labels: {len(worlds)} worlds, {wrong} rows differ, {len(missed)} faults unseen\n")
    return int(wrong > 0 or bool(missed) or not worlds)


def read_task(path: Path) -> Task:
    """Read a task, with the predicates that all share."""
    task: Task = yaml.safe_load(path.read_text(encoding="utf-8"))
    shared = yaml.safe_load((TASKS / "predicates.yaml").read_text(encoding="utf-8"))
    return task | {"predicates": shared["predicates"] | task["predicates"]}


def give(world: Path, name: str, task: Task) -> Path:
    """Write the events of children who have a trigger, and, as more events, what ACES cannot tell itself.

    Events of which a task names no kin (``REFERRAL//...``) are left out: they would only take time.
    """
    events = pl.read_parquet(world / "events.parquet").filter(pl.col("time").is_not_null())
    asked = events.filter(pl.col("code").is_in(codes_of(task["predicates"]["asked"])))
    kin = {code.split("//")[0] for said in task["predicates"].values() for code in codes_of(said)}
    events = events.filter(
        pl.col("subject_id").is_in(asked["subject_id"].unique().implode()),
        (pl.col("code").str.split("//").list.first().is_in(sorted(kin)) | (pl.col("code") == "MEDS_BIRTH")),
    )
    covered = yaml.safe_load((world / "coverage.yaml").read_text(encoding="utf-8"))
    more = [*edges(events, covered["first"], covered["last"]), *birthdays(events)]
    for spell in SPELLS:
        more += running(events, spell)
    given = pl.DataFrame(more, schema=events.schema, orient="row")
    path = world / f"given_{name}.parquet"
    pl.concat([events, given]).sort("subject_id", "time").write_parquet(path)
    return path


def codes_of(predicate: Task) -> list[str]:
    """List the codes of a predicate; one made of others has none of its own."""
    code = predicate.get("code", [])
    return [code] if isinstance(code, str) else list(code["any"] if code else [])


def edges(events: pl.DataFrame, first: date, last: date) -> Iterator[Given]:
    """Say to each child when the records begin and end."""
    for subject in events["subject_id"].unique():
        yield subject, midnight(first), "RECORDS//BEGIN", None
        yield subject, midnight(last), "RECORDS//END", None


def birthdays(events: pl.DataFrame) -> Iterator[Given]:
    """Say when children turn 18; no child born on 29 February does so in a leap year: on the 28th."""
    born = events.filter(pl.col("code") == "MEDS_BIRTH").unique("subject_id", keep="first")
    for subject, birth in born.select("subject_id", "time").iter_rows():
        day = 28 if (birth.month, birth.day) == (2, 29) else birth.day
        yield subject, birth.replace(year=birth.year + 18, day=day), "BIRTHDAY//18", None


def running(events: pl.DataFrame, spell: str) -> Iterator[Given]:
    """Count what runs, one child and one day after another: starts less ends up to the day."""
    changes: dict[int, dict[datetime, int]] = defaultdict(lambda: defaultdict(int))
    step = {f"{spell}//START": 1, f"{spell}//END": -1}
    sides = events.filter(pl.col("code").is_in(list(step)))
    for subject, day, code in sides.select("subject_id", "time", "code").iter_rows():
        changes[subject][day] += step[code]
    for subject in events["subject_id"].unique():
        count = 0
        yield subject, BEGINNING, f"{spell}//RUNNING", 0
        for day in sorted(changes[subject]):
            count += changes[subject][day]
            yield subject, day, f"{spell}//RUNNING", count


def midnight(day: date) -> datetime:
    """Return the beginning of a day."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - days of records have no time zone


def judged(world: Path, tasks: dict[str, Task]) -> int:
    """Judge each question that was asked of a world, and return how many rows differ."""
    different = 0
    for name, task in tasks.items():
        if (world / f"{name}.parquet").exists():
            verdict = compared(ours(world, name), theirs(give(world, name, task), task))
            sys.stdout.write(
                f"{world.name:32} {name:26} {verdict.ours:6} rows, {verdict.agreed:6} agreed;"
                f" only ours {verdict.only_ours}, only theirs {verdict.only_theirs},"
                f" other label {verdict.other_label}\n"
            )
            sys.stdout.flush()
            different += verdict.different
    return different


def ours(world: Path, name: str) -> pl.DataFrame:
    """Read our labels."""
    return pl.read_parquet(world / f"{name}.parquet").select(*ROW, label="boolean_value")


def theirs(events: Path, task: Task) -> pl.DataFrame:
    """Let ACES find the cases with the outcome, and those without."""
    return labelled({part: extracted(events, task, part) for part in LABELS})


def labelled(found: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Put the two halves of a task together."""
    return pl.concat(rows.with_columns(label=pl.lit(LABELS[part])) for part, rows in found.items())


def extracted(events: Path, task: Task, part: str) -> pl.DataFrame:
    """Run ACES on one half of a task."""
    whole = {key: task[key] for key in ("predicates", "trigger")} | {"windows": task["windows"] | task[part]}
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "task.yaml"
        path.write_text(yaml.safe_dump(whole), encoding="utf-8")
        config = TaskExtractorConfig.load(path)
    data = DictConfig({"path": str(events), "standard": "meds"})
    found = query(config, get_predicates_df(config, data))
    if found.is_empty():
        return pl.DataFrame(schema={"subject_id": pl.Int64, "prediction_time": pl.Datetime("us")})
    return found.select("subject_id", pl.col("trigger").alias("prediction_time"))


def compared(mine: pl.DataFrame, other: pl.DataFrame) -> Verdict:
    """Compare labels; a row that one side has twice is no agreement."""
    both = mine.join(other, on=ROW, how="inner", suffix="_other")
    agreed = both.filter((pl.col("label") == pl.col("label_other")) & ~pl.struct(ROW).is_duplicated())
    only_ours = mine.join(other, on=ROW, how="anti").height
    only_theirs = other.join(mine, on=ROW, how="anti").height
    return Verdict(mine.height, agreed.height, only_ours, only_theirs, both.height - agreed.height)


def unseen_faults(folder: Path, name: str, task: Task) -> Iterator[str]:
    """Plant faults into a task and into our labels; name those that make no difference in its crowd."""
    world = folder / f"crowded_{name}"
    events, mine = give(world, name, task), ours(world, name)
    right = {part: extracted(events, task, part) for part in LABELS}
    seen: dict[str, int] = {}
    for fault, where, faulty in faulty_tasks(task):
        wrong = {part: extracted(events, faulty, part) for part in LABELS if where in ("windows", part)}
        seen[fault] = compared(mine, labelled(right | wrong)).different
    for fault, labels in faulty_labels(mine):
        seen[fault] = compared(labels, labelled(right)).different
    sys.stdout.write(f"{name}: {len(seen)} faults planted\n")
    sys.stdout.flush()
    yield from (f"{name}: {fault}" for fault, different in seen.items() if not different)


def faulty_tasks(task: Task) -> Iterator[tuple[str, str, Task]]:
    """Leave out each condition in turn, and make each window that has a length a day shorter and longer."""
    for part in ("windows", *LABELS):
        for name, window in task[part].items():
            for predicate in window.get("has", {}):
                faulty = copy.deepcopy(task)
                del faulty[part][name]["has"][predicate]
                yield f"{part}.{name} without {predicate}", part, faulty
            for change in (-1, 1) if (length := DAYS.search(window["end"])) else ():
                faulty = copy.deepcopy(task)
                days = int(length[1]) + change
                faulty[part][name]["end"] = DAYS.sub(f"+ {days}d", window["end"])
                yield f"{part}.{name} of {days} days", part, faulty


def faulty_labels(labels: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Turn one label, lose one row, and ask one row a day later."""
    first = pl.int_range(pl.len()) == 0
    later = pl.col("prediction_time").dt.offset_by("1d")
    yield "a label turned", labels.with_columns(label=pl.col("label") ^ first)
    yield "a row lost", labels[1:]
    yield "a row a day late", labels.with_columns(pl.when(first).then(later).otherwise("prediction_time"))


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    sys.exit(main(Path(sys.argv[1])))
