"""The commands, and nothing else: each reads its arguments, calls one verb of the package, and prints.

Nothing heavy is imported before a command needs it, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from csc_experiments.arguments import Arguments, Command, build_parser
from csc_experiments.errors import ConfigError, CscError, NotYetError, UnexpectedError, UnreadableInputError

if TYPE_CHECKING:
    from csc_experiments.config import ExperimentConfig
    from csc_experiments.synthetic import AuthoritySettings


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
    parser = build_parser(_COMMANDS)
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
        outcomes = study.multirun(arguments.overrides)
        finished = [outcome.finished for outcome in outcomes if outcome.finished]
    else:
        outcomes = []
        finished = [study.run_alone(compose_experiment(arguments.overrides))]
    if arguments.json:
        from csc_experiments.tracking.query import run_scores

        said = [{"run_id": cell.run_id, **run_scores(cell.config.tracking, cell.run_id)} for cell in finished]
        _say(json.dumps(said if arguments.multirun else said[0]))
    elif finished and not arguments.quiet:
        _say(study.tell_runs(finished))
    study.raise_refusals(outcomes, len(outcomes))


def _study(arguments: Arguments) -> None:
    from csc_experiments.config import compose_study
    from csc_experiments.study import conclude, lock_plan, plan_study, run_plan, tell_protocol

    study = compose_study(arguments.name, arguments.overrides)
    plan = plan_study(study)
    if arguments.status:
        counts = {"study": study.name, "finished": len(plan.finished), "waiting": len(plan.waiting)}
        counts["protocol"] = tell_protocol(study, plan)
        said = f"{study.name}: {counts['finished']} cells finished, {counts['waiting']} waiting."
        said += f"\n{counts['protocol']}"
        _say(json.dumps(counts) if arguments.json else said)
        return
    from csc_experiments.progress import track

    plan = lock_plan(study, plan, arguments.amend)
    if arguments.holdout:
        from csc_experiments.holdout import look_at_holdout

        _say(look_at_holdout(study, plan, arguments.holdout))
        return
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
    from csc_experiments.synthetic import settings_from

    if arguments.dirt and not arguments.format:
        raise ConfigError("--dirt soils an export.", todo="Name its format with --as.")
    knobs = [f"{knob}={value}" for knob, value in arguments.size.items()]
    knobs += [f"children={arguments.children}"] if arguments.children is not None else []
    overrides = [f"++dataset.synthetic.{knob}" for knob in (*knobs, *arguments.knobs)]
    configs = [compose_experiment([f"dataset={name}", *overrides]) for name in arguments.authorities]
    invented = {
        config.dataset.name: settings_from(config.dataset.authority, config.dataset.synthetic or {})
        for config in configs
    }
    if arguments.report:
        _calibrate(arguments, invented)
        return
    for settings, config in zip(invented.values(), configs, strict=True):
        (_export if arguments.format else _invent)(arguments, settings, config)


def _invent(arguments: Arguments, settings: AuthoritySettings, config: ExperimentConfig) -> None:
    from csc_experiments.synthetic import write_authority

    folder = arguments.out / config.dataset.name if arguments.out else Path(config.dataset.records)
    extract = write_authority(settings, arguments.seed, folder)
    if not arguments.quiet:
        _say(f"{folder}: invented authority {extract.authority}, {len(extract.tables)} tables.")


def _export(arguments: Arguments, settings: AuthoritySettings, config: ExperimentConfig) -> None:
    from csc_experiments.synthetic.export import export, export_soiled

    write = export_soiled if arguments.dirt else export
    folder = (arguments.out or Path("exports")) / config.dataset.name / arguments.format
    made = write(arguments.format, settings, arguments.seed, folder)
    if not arguments.quiet:
        _say("\n".join(made.places))
    for oddity, count in made.planted.items():
        _say(f"planted: {oddity}: {count}")


def _calibrate(arguments: Arguments, invented: Mapping[str, AuthoritySettings]) -> None:
    from csc_experiments.synthetic.calibration import calibrate, report_text
    from csc_experiments.synthetic.simulation import simulate_lives

    reports = {
        name: calibrate(simulate_lives(settings, arguments.seed).tables, settings)
        for name, settings in invented.items()
    }
    if arguments.json:
        # Polars writes null where there is no number; JSON knows no other.
        _say(json.dumps({name: json.loads(report.write_json()) for name, report in reports.items()}))
    else:
        _say(report_text(reports))


def _import(arguments: Arguments) -> None:
    from csc_experiments.records.importing import import_records, read_types

    if arguments.dataset:
        _take_from_dataset(arguments)
    elif not (arguments.sources and arguments.authority and arguments.out):
        raise ConfigError("import needs a SOURCE, --authority and --out.", todo="Or --dataset; see --help.")
    report = import_records(
        arguments.sources,
        arguments.out,
        authority=arguments.authority,
        covers=arguments.covers,
        types=arguments.types and read_types(arguments.types),
        identifiers=arguments.identifiers,
    )
    _say(json.dumps(report.as_dict()) if arguments.json else report.as_text())


def _take_from_dataset(arguments: Arguments) -> None:
    """Put what a dataset's configuration says in the place of what was not typed."""
    from csc_experiments.config import compose_dataset

    if any(getattr(arguments, name) for name in ("authority", "out", "covers", "types", "identifiers")):
        raise ConfigError("With --dataset, write dataset.authority=, .records=, .covers= and so on instead.")
    dataset = compose_dataset(arguments.dataset, arguments.sources)
    arguments.sources, arguments.authority = dataset.sources, dataset.authority
    arguments.out, arguments.covers = Path(dataset.records), dataset.coverage
    arguments.types = dataset.types and Path(dataset.types)
    arguments.identifiers = dataset.identifiers and Path(dataset.identifiers)


def _check(arguments: Arguments) -> None:
    from csc_experiments.preflight import as_text, check_as_configured, write_page

    check = check_as_configured(arguments.folder)
    if arguments.html:
        write_page(check, arguments.html)
    if arguments.json:
        _say(json.dumps(check.as_dict()))
    elif arguments.html:
        _say(str(arguments.html))
    else:
        _say(as_text(check))


def _cache(arguments: Arguments) -> None:
    from csc_experiments.config import compose_experiment
    from csc_experiments.experiment import block_store

    store = block_store(compose_experiment())
    gone = 0 if arguments.keep is None else store.prune(int(arguments.keep * 2**30))
    sizes = [kept.size / 2**30 for kept in store.kept()]
    said = {"matrices": len(sizes), "gib": round(sum(sizes), 3), "removed": gone}
    told = "{matrices} matrices, {gib} GiB; {removed} removed.".format(**said)
    _say(json.dumps(said) if arguments.json else f"{store.folder}: {told}")


def _compare(arguments: Arguments) -> None:
    from csc_experiments.config import compose_experiment
    from csc_experiments.report import FORMATS
    from csc_experiments.tracking.query import METRICS, compare_cells

    metrics = arguments.metric or METRICS
    where = dict(arguments.where)
    if len(where) < len(arguments.where):
        raise ConfigError("--where names a key twice: no cell has two values of one setting.")
    runs = compare_cells(
        compose_experiment().tracking,
        arguments.study,
        metrics=metrics,
        where=where,
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
    if arguments.json:
        _say(json.dumps(scores))
        return
    for name, value in scores.items():
        _say(f"{name}: {value:.4g}")
    if not arguments.quiet:
        drawn = f"{config.evaluation.replicates} draws of families from seed {config.seed}"
        _say(f"Intervals are drawn anew ({drawn}): a run's own may differ a little (evaluate --help).")


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


_COMMANDS: dict[str, Command] = {
    "run": _run,
    "study": _study,
    "synthesise": _synthesise,
    "import": _import,
    "check": _check,
    "cache": _cache,
    "compare": _compare,
    "evaluate": _evaluate,
    "report": _report,
    "release": _not_yet,
    "purge": _not_yet,
    "ui": _ui,
}
