"""The commands, and nothing else: each reads its arguments, calls one verb of the package, and prints.

Nothing heavy is imported before a command needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from csc_experiments import __version__
from csc_experiments.errors import CscError, NotYetError, UnexpectedError, UnreadableInputError

Arguments = argparse.Namespace
COMPARED = ("authority", "dataset", "question", "representation", "classifier", "validation")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line.

    Parameters
    ----------
    argv : sequence of str, optional
        Without the program's name; the process's own by default.

    Returns
    -------
    int
        The exit code; `docs/errors.md` lists them.
    """
    parser = _parser()
    arguments, rest = parser.parse_known_args(argv)
    # Overrides may stand on both sides of an option.
    if rest and (not hasattr(arguments, "overrides") or any(word.startswith("-") for word in rest)):
        parser.error(f"unrecognised arguments: {' '.join(rest)}")
    if rest:
        arguments.overrides += rest
    command: Callable[[Arguments], None] = arguments.call
    try:
        command(arguments)
    except CscError as error:
        return _fail(error)
    except OSError as error:
        # The operating system's words name no cell.
        return _fail(UnreadableInputError(f"{error.filename or 'A file'}: {error.strerror}."))
    except Exception as error:  # noqa: BLE001 - a traceback would quote data
        return _fail(UnexpectedError.of(error))
    return 0


def _fail(error: CscError) -> int:
    sys.stderr.write(f"csc-experiments: {error}\n")
    return error.exit_code


def _say(text: str) -> None:
    sys.stdout.write(text if text.endswith("\n") else f"{text}\n")


def _run(arguments: Arguments) -> None:
    from csc_experiments import study
    from csc_experiments.config import compose_experiment

    if arguments.multirun:
        study.multirun(arguments.overrides)
        return
    config = compose_experiment(arguments.overrides)
    from csc_experiments.experiment import run_cell

    result = run_cell(config)
    if arguments.json:
        _say(json.dumps({"run_id": result.run_id, **result.scores}))
    elif not arguments.quiet:
        from csc_experiments.report import to_text
        from csc_experiments.tracking.query import METRICS, compare_cells

        runs = compare_cells(config.tracking, config.study_name)
        _say(to_text(runs[runs["run_id"] == result.run_id], METRICS))
        _say(f"Run {result.run_id} of study {config.study_name}. `csc-experiments ui` shows it.")


def _study(arguments: Arguments) -> None:
    from csc_experiments.config import compose_study
    from csc_experiments.study import conclude, plan_study, run_plan

    study = compose_study(arguments.name, arguments.overrides)
    plan = plan_study(study)
    if arguments.status:
        counts = {"study": study.name, "finished": len(plan.finished), "waiting": len(plan.waiting)}
        said = f"{study.name}: {counts['finished']} cells finished, {counts['waiting']} waiting."
        _say(json.dumps(counts) if arguments.json else said)
        return
    from csc_experiments.progress import track

    waiting = len(plan.waiting)
    if plan.finished and not arguments.quiet:
        sys.stderr.write(f"{len(plan.finished)} cells are finished already; {waiting} to run.\n")
    outcomes = []
    for outcome in track(run_plan(plan, arguments.jobs), waiting, "cells", quiet=arguments.quiet):
        outcomes.append(outcome)
        if arguments.verbose:
            sys.stderr.write(f"{outcome.cell}: {outcome.refusal or 'finished'}\n")
    _say(conclude(study, plan, outcomes))


def _synthesise(arguments: Arguments) -> None:
    from csc_experiments.config import compose_experiment
    from csc_experiments.synthetic import settings_from, write_authority

    if arguments.later:
        raise NotYetError("synthesise --as, --dirt and --report come with step 2 of the roadmap (README).")
    for name in arguments.authorities:
        config = compose_experiment([f"dataset={name}"])
        knobs = dict(config.dataset.synthetic or {})
        if arguments.children is not None:
            knobs["children"] = arguments.children
        settings = settings_from(config.dataset.authority, knobs)
        folder = arguments.out / name if arguments.out else Path(config.dataset.records)
        extract = write_authority(settings, arguments.seed, folder)
        if not arguments.quiet:
            _say(f"{folder}: invented authority {extract.authority}, {len(extract.tables)} tables.")


def _import(arguments: Arguments) -> None:
    from csc_experiments.records.importing import import_records

    report = import_records(
        arguments.source, arguments.out, authority=arguments.authority, covers=arguments.covers
    )
    if arguments.json:
        rejected = [
            {"table": table, "column": column, "reason": reason, "count": count}
            for (table, column, reason), count in report.rejected.items()
        ]
        _say(json.dumps({"rows": report.rows, "rejected": rejected, "notes": report.notes}))
        return
    for table, rows in report.rows.items():
        _say(f"{table}: {rows} rows")
    for (table, column, reason), count in report.rejected.items():
        _say(f"set aside: {table}.{column}: {reason}: {count}")
    for note in report.notes:
        _say(note)


def _check(arguments: Arguments) -> None:
    from csc_experiments.config import choices, compose_experiment
    from csc_experiments.preflight import as_text, check_records

    if arguments.html:
        raise NotYetError("check --html comes with step 3 of the roadmap (README).")
    configs = [compose_experiment([f"question={name}"]) for name in choices("question")]
    check = check_records(
        arguments.folder, [config.question for config in configs], configs[0].release.min_count
    )
    _say(json.dumps(check.as_dict()) if arguments.json else as_text(check))


def _compare(arguments: Arguments) -> None:
    from csc_experiments.config import compose_experiment
    from csc_experiments.report import FORMATS
    from csc_experiments.tracking.query import METRICS, compare_cells

    metrics = arguments.metric or METRICS
    runs = compare_cells(
        compose_experiment().tracking,
        arguments.study,
        metrics=metrics,
        where=dict(arguments.where),
        by=arguments.by,
    )
    _say(FORMATS[arguments.format](runs, metrics))


def _evaluate(arguments: Arguments) -> None:
    from csc_experiments.config import compose_experiment
    from csc_experiments.evaluation.scores import evaluate, read_predictions

    config = compose_experiment()
    scores = evaluate(
        read_predictions(arguments.predictions), replicates=config.evaluation.replicates, seed=config.seed
    )
    lines = "\n".join(f"{name}: {value:.4g}" for name, value in scores.items())
    _say(json.dumps(scores) if arguments.json else lines)


def _report(arguments: Arguments) -> None:
    from csc_experiments.config import StudyConfig, choices, compose_study
    from csc_experiments.study import write_report

    name = arguments.study
    # Runs made one by one have a study, too, but no file in conf/study.
    named = name in choices("study")
    study = compose_study(name) if named else StudyConfig(name=name, label=f"Study {name}", grids=[])
    for path in write_report(study, arguments.out):
        _say(str(path))


def _ui(arguments: Arguments) -> None:
    from csc_experiments.config import compose_experiment
    from csc_experiments.tracking.ui import serve

    serve(compose_experiment().tracking, arguments.port)


def _not_yet(arguments: Arguments) -> None:
    raise NotYetError(f"{arguments.command} comes with step 9 of the roadmap (README).")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write dates as YYYY-MM-DD, such as 2018-01-31") from None


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("write a number, 1 or more")
    return int(text)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or key not in COMPARED:
        raise argparse.ArgumentTypeError(f"write KEY=VALUE with a KEY of {', '.join(COMPARED)}")
    return key, value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="csc-experiments", description="Do predictive models have a place in children's social care?"
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, call: Callable[[Arguments], None], what: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=what, description=what)
        made.set_defaults(call=call)
        made.add_argument("--quiet", action="store_true", help="say nothing but errors and results")
        made.add_argument("--json", action="store_true", help="write what a program can read")
        return made

    run = command("run", _run, "run one cell, or with -m every combination of several choices")
    run.add_argument(
        "overrides",
        nargs="*",
        metavar="group=choice",
        help="a choice (classifier=xgboost) or a setting (validation.folds=2)",
    )
    run.add_argument("-m", "--multirun", action="store_true", help="run each of dataset=la1,la2 and so on")

    study = command("study", _study, "run a named grid: plan, skip what is finished, go on where it stopped")
    study.add_argument("name", metavar="NAME")
    study.add_argument("overrides", nargs="*", metavar="override", help="Hydra overrides for every cell")
    study.add_argument("--status", action="store_true", help="only count cells")
    study.add_argument("--verbose", action="store_true", help="name each cell as it ends")
    study.add_argument("--jobs", type=_positive, default=2, help="processes (default 2)")

    synthesise = command("synthesise", _synthesise, "invent authorities")
    synthesise.add_argument("authorities", nargs="+", metavar="la1")
    synthesise.add_argument("--out", type=Path, help="folder for their records (default: as configured)")
    synthesise.add_argument("--children", type=int, help="about how many children are ever known")
    synthesise.add_argument("--seed", type=int, default=2020)
    later = "step 2 of the roadmap"
    synthesise.add_argument("--as", dest="later", metavar="FORMAT", help=later)
    synthesise.add_argument("--dirt", dest="later", action="store_true", help=later)
    synthesise.add_argument("--report", dest="later", action="store_true", help=later)

    importing = command("import", _import, "any source becomes a records folder")
    importing.add_argument(
        "source", type=Path, metavar="SOURCE", help="a CIN census (.xml) or a folder of SSD tables"
    )
    importing.add_argument("--authority", required=True, metavar="CODE")
    importing.add_argument("--out", type=Path, required=True, metavar="DIR")
    importing.add_argument(
        "--covers",
        nargs=2,
        type=_day,
        metavar=("FROM", "TO"),
        help="first and last day, as YYYY-MM-DD, on which the records are complete",
    )

    check = command("check", _check, "what the records hold, and what each question would have to learn from")
    check.add_argument("folder", type=Path, metavar="DIR")
    check.add_argument("--html", type=Path, metavar="FILE", help="step 3 of the roadmap")

    compare = command("compare", _compare, "one row per cell of a study, across authorities")
    compare.add_argument("study", metavar="STUDY")
    compare.add_argument(
        "--where",
        action="append",
        type=_pair,
        default=[],
        metavar="KEY=VALUE",
        help="only these; may be repeated",
    )
    compare.add_argument(
        "--by", action="append", default=[], metavar="COLUMN", help="sort by; may be repeated"
    )
    compare.add_argument("--metric", action="append", metavar="METRIC", help="may be repeated")
    compare.add_argument(
        "--format", choices=("table", "csv", "json", "markdown", "latex", "html"), default="table"
    )

    evaluate = command("evaluate", _evaluate, "the scores of a predictions file alone")
    evaluate.add_argument("predictions", type=Path, metavar="PREDICTIONS", help=".parquet or .csv")

    report = command("report", _report, "the comparison as a page and as tables")
    report.add_argument("study", metavar="STUDY")
    report.add_argument("--out", type=Path, metavar="DIR")

    for name, what in (
        ("release", "only checked results leave"),
        ("purge", "forget an authority, and prove it"),
    ):
        command(name, _not_yet, f"{what} (step 9 of the roadmap)").add_argument("rest", nargs="*")

    ui = command("ui", _ui, "MLflow's own pages on the store")
    ui.add_argument("--port", type=int, default=5000)

    return parser
