"""What can be typed: every command, its arguments and their help."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from csc_experiments import __version__

Arguments = argparse.Namespace
Command = Callable[[Arguments], None]
COMPARED = ("authority", "dataset", "question", "representation", "classifier", "validation")


def build_parser(calls: Mapping[str, Command]) -> argparse.ArgumentParser:
    """Make the parser of every command.

    Parameters
    ----------
    calls : mapping of str to callable
        What each command does, by its name.

    Returns
    -------
    argparse.ArgumentParser
        What it parses has the command's function as `call`.
    """
    parser = argparse.ArgumentParser(
        prog="csc-experiments", description="Do predictive models have a place in children's social care?"
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, what: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=what, description=what)
        made.set_defaults(call=calls[name])
        made.add_argument("--quiet", action="store_true", help="say nothing but errors and results")
        made.add_argument("--json", action="store_true", help="write what a program can read")
        return made

    run = command("run", "run one cell, or with -m every combination of several choices")
    run.add_argument(
        "overrides",
        nargs="*",
        metavar="group=choice",
        help="a choice (classifier=xgboost) or a setting (validation.folds=2)",
    )
    run.add_argument("-m", "--multirun", action="store_true", help="run each of dataset=la1,la2 and so on")

    study = command("study", "run a named grid: plan, skip what is finished, go on where it stopped")
    study.add_argument("name", metavar="NAME")
    study.add_argument("overrides", nargs="*", metavar="override", help="Hydra overrides for every cell")
    study.add_argument("--status", action="store_true", help="only count cells")
    study.add_argument("--verbose", action="store_true", help="name each cell as it ends")
    study.add_argument("--jobs", type=_positive, default=2, help="processes (default 2)")

    synthesise = command("synthesise", "invent authorities")
    synthesise.add_argument("authorities", nargs="+", metavar="la1")
    synthesise.add_argument("--out", type=Path, help="folder for their records (default: as configured)")
    synthesise.add_argument("--children", type=int, help="about how many children are ever known")
    synthesise.add_argument("--seed", type=int, default=2020)
    later = "step 2 of the roadmap"
    synthesise.add_argument("--as", dest="later", metavar="FORMAT", help=later)
    synthesise.add_argument("--dirt", dest="later", action="store_true", help=later)
    synthesise.add_argument("--report", dest="later", action="store_true", help=later)

    importing = command("import", "any source becomes a records folder")
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

    check = command("check", "what the records hold, and what each question would have to learn from")
    check.add_argument("folder", type=Path, metavar="DIR")
    check.add_argument("--html", type=Path, metavar="FILE", help="step 3 of the roadmap")

    compare = command("compare", "one row per cell of a study, across authorities")
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

    evaluate = command("evaluate", "the scores of a predictions file alone")
    evaluate.add_argument("predictions", type=Path, metavar="PREDICTIONS", help=".parquet or .csv")

    report = command("report", "the comparison as a page and as tables")
    report.add_argument("study", metavar="STUDY")
    report.add_argument("--out", type=Path, metavar="DIR")

    for name, what in (
        ("release", "only checked results leave"),
        ("purge", "forget an authority, and prove it"),
    ):
        command(name, f"{what} (step 9 of the roadmap)").add_argument("rest", nargs="*")

    ui = command("ui", "MLflow's own pages on the store")
    ui.add_argument("--port", type=int, default=5000)

    return parser


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
