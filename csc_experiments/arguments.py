"""What can be typed: every command, its arguments and their help."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from csc_experiments import __version__

EXPORTS = (
    "ssd_csv", "ssd_parquet", "ssd_postgresql", "cin_census", "ssda903", "annex_a", "documents", "answers",
)  # fmt: skip
"""What `synthesise --as` writes; named here so that `--help` need not import the writers."""
SMALL = {"children": 1000, "document_words": 0.05, "notes_per_quarter": 0.3}
Arguments = argparse.Namespace
Command = Callable[[Arguments], None]
Epilog = Callable[[], str]


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
    parser = _Parser(
        prog="csc-experiments", description="Do predictive models have a place in children's social care?"
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, what: str, epilog: Epilog | None = None) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=what, description=what)
        made.make_epilog = epilog
        made.set_defaults(call=calls[name])
        made.add_argument("--quiet", action="store_true", help="say nothing but errors and results")
        made.add_argument("--json", action="store_true", help="write what a program can read")
        return made

    run = command("run", "run one experiment, or with -m one for every combination of choices", _about_run)
    run.add_argument(
        "overrides",
        nargs="*",
        metavar="group=choice",
        help="a choice (classifier=xgboost) or a setting (validation.folds=2); see below",
    )
    run.add_argument("-m", "--multirun", action="store_true", help="run each of dataset=la1,la2 and so on")

    study = command(
        "study",
        "run a named set of experiments: plan, skip what is finished, go on where it stopped",
        _about_study,
    )
    study.add_argument("name", metavar="NAME", help="a study, such as quickstart")
    study.add_argument(
        "overrides", nargs="*", metavar="key=value", help="settings for every experiment of the study"
    )
    study.add_argument("--status", action="store_true", help="only count what is finished and what is not")
    study.add_argument(
        "--amend", metavar="REASON", help="why the protocol was changed after a look at held-out scores"
    )
    study.add_argument(
        "--holdout",
        metavar="RUN",
        help="score what no fold has seen with the settings of this finished run; each look is counted",
    )
    study.add_argument("--verbose", action="store_true", help="name each experiment as it ends")
    study.add_argument("--jobs", type=_positive, default=2, help="processes (default 2)")

    _add_synthesise(command("synthesise", "invent authorities: their records, or what other systems hold"))

    _add_import(command("import", "an authority's files become a records folder", _about_import))
    cache = command("cache", "what is kept for the next cell, and to make room")
    cache.add_argument(
        "--keep", type=float, metavar="GIB", help="remove what was not used the longest time, down to so much"
    )
    check = command("check", "what the records hold, and what each question would have to learn from")
    check.add_argument("folder", type=Path, metavar="DIR", help="a records folder")
    check.add_argument(
        "--html",
        type=Path,
        metavar="FILE",
        help="write the whole of it as a page that needs nothing beside it",
    )

    compare = command("compare", "one row per cell of a study, across authorities")
    compare.add_argument("study", metavar="STUDY")
    compare.add_argument(
        "--where",
        action="append",
        type=_pair,
        default=[],
        metavar="KEY=VALUE",
        help="only cells of this choice or setting, such as classifier=xgboost or "
        "question.outcome.within_days=180; may be repeated",
    )
    compare.add_argument(
        "--by", action="append", default=[], metavar="COLUMN", help="sort by; may be repeated"
    )
    compare.add_argument("--metric", action="append", metavar="METRIC", help="may be repeated")
    compare.add_argument(
        "--format", choices=("table", "csv", "json", "markdown", "latex", "html"), default="table"
    )

    evaluate = command("evaluate", "the scores of a predictions file alone", _about_evaluate)
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


class _Parser(argparse.ArgumentParser):
    """Writes what stands below the options only when help is asked for: to know the choices takes a while."""

    make_epilog: Epilog | None = None

    def format_help(self) -> str:
        if self.make_epilog is None:
            return super().format_help()
        return f"{super().format_help()}\n{self.make_epilog()}"


def _about_run() -> str:
    from csc_experiments.config import GROUPS, choices, conf_folder  # noqa: PLC0415 - only for this help

    width = max(map(len, GROUPS))
    groups = "\n".join(f"  {group:<{width}}  {' '.join(choices(group))}" for group in GROUPS)
    return f"""groups and their choices:
{groups}

group=choice takes a choice of a group: one file of {conf_folder()}.
key=value sets one thing of these files, such as question.outcome.within_days=180.
-m runs every combination of what stands between commas; one that refuses does not stop the others.

examples:
  csc-experiments run representation=structured+tfidf classifier=xgboost validation.folds=2
  csc-experiments run -m dataset=la1,la2 classifier=prevalence,previous_referrals
"""


def _about_study() -> str:
    from csc_experiments.config import choices, conf_folder  # noqa: PLC0415 - only for this help

    return f"""studies: {" ".join(choices("study"))}, in {conf_folder() / "study"}
keys and their values are those of `csc-experiments run --help`.
"""


def _about_evaluate() -> str:
    return """Intervals are drawn anew, with the seed and the number of draws (evaluation.replicates) of
conf/, so they may differ from those of the run that made the predictions: in the third decimal, with few
families in the second. All else is equal.
"""


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="Standard Safeguarding Dataset (SSD) tables in a folder, or env:VARIABLE for a database whose "
        "address is in that variable of the environment; children in need censuses (.xml); a folder of "
        "SSDA903 files; Annex A workbooks; documents; family links; addresses; event files. Of several, the "
        "first is believed first. With --dataset: settings of it, as `run` takes them",
    )
    parser.add_argument(
        "--dataset",
        metavar="NAME",
        help="take the sources, and all that the other options say, from a file of conf/dataset; see below",
    )
    parser.add_argument(
        "--types",
        type=Path,
        metavar="FILE",
        help="YAML: types of documents by the authority's own names for them",
    )
    parser.add_argument(
        "--identifiers",
        type=Path,
        metavar="FILE",
        help="CSV: person_id, and a column of other identifiers for each kind of source, named as the kind",
    )
    parser.add_argument("--authority", metavar="CODE", help="a code that the authority chooses for itself")
    parser.add_argument("--out", type=Path, metavar="DIR", help="the records folder to make or to replace")
    parser.add_argument(
        "--covers",
        nargs=2,
        type=_day,
        metavar=("FROM", "TO"),
        help="first and last day, as YYYY-MM-DD, between which everything that happened is in the source; "
        "SSD tables need it, a census covers its own year",
    )


def _about_import() -> str:
    return """Either sources with --authority and --out, or --dataset, whose choice a run then takes, too:
  csc-experiments import --dataset ssd_files dataset.authority=mine 'dataset.sources=[ssd/,letters/]' \\
      'dataset.covers=[2019-04-01,2025-03-31]'
  csc-experiments run dataset=ssd_files dataset.authority=mine
"""


def _add_synthesise(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("authorities", nargs="+", metavar="la1")
    parser.add_argument("--out", type=Path, help="folder (default: records as configured, or exports/)")
    parser.add_argument("--children", type=int, help="about how many children are ever known")
    parser.add_argument(
        "--small",
        dest="size",
        action="store_const",
        const=SMALL,
        default={},
        help="1,000 children ever known, and few, short documents",
    )
    parser.add_argument(
        "--set",
        dest="knobs",
        action="append",
        default=[],
        metavar="KNOB=VALUE",
        help="another setting than that in conf/dataset, such as signal=none or leak=worker_set_later; "
        "may be repeated",
    )
    parser.add_argument("--seed", type=int, default=2020)
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--as", dest="format", metavar="FORMAT", choices=EXPORTS, help=f"one of {', '.join(EXPORTS)}"
    )
    instead.add_argument(
        "--report",
        action="store_true",
        help="hold it against published figures; no records",
    )
    parser.add_argument(
        "--dirt", action="store_true", help="with --as: plant the oddities of real exports, and count them"
    )


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
    if not equals or not key:
        raise argparse.ArgumentTypeError("write KEY=VALUE, such as classifier=xgboost or seed=1")
    return key.removeprefix("config."), value
