"""The edge: Hydra composes a configuration, and it is checked whole before anything is computed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from difflib import get_close_matches
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.errors import HydraException, MissingConfigException
from omegaconf import MISSING, DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from csc_experiments.classifiers.settings import ClassifierConfig
from csc_experiments.errors import ConfigError, UnknownChoiceError
from csc_experiments.protocol.settings import ProtocolConfig, SuccessConfig
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.records.settings import DatasetConfig
from csc_experiments.release.settings import ReleaseConfig
from csc_experiments.representations.settings import BLOCKS, BlockConfig, BlockKind, RepresentationConfig
from csc_experiments.tracking.settings import TrackingConfig
from csc_experiments.tuning.settings import TuningConfig
from csc_experiments.validation.settings import ValidationConfig

AXES = ("dataset", "question", "representation", "classifier", "validation", "tuning")
GROUPS = (*AXES, "tracking", "release")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,63}")
Schema = TypeVar("Schema")


@dataclass
class EvaluationConfig:
    """How scores get their intervals."""

    replicates: int = 1000


@dataclass
class PathsConfig:
    """Folders, relative to the working folder."""

    records: str = "records"
    cache: str = "cache"
    mlruns: str = "mlruns"
    reports: str = "reports"


@dataclass
class ExperimentConfig:
    """One cell of the grid; `blocks` holds the representation's blocks, checked."""

    dataset: DatasetConfig = field(default_factory=DatasetConfig)
    question: QuestionConfig = field(default_factory=QuestionConfig)
    representation: RepresentationConfig = field(default_factory=RepresentationConfig)
    classifier: ClassifierConfig = field(default_factory=ClassifierConfig)
    validation: ValidationConfig = field(default_factory=ValidationConfig)
    tuning: TuningConfig = field(default_factory=TuningConfig)
    tracking: TrackingConfig = field(default_factory=TrackingConfig)
    release: ReleaseConfig = field(default_factory=ReleaseConfig)
    evaluation: EvaluationConfig = field(default_factory=EvaluationConfig)
    paths: PathsConfig = field(default_factory=PathsConfig)
    study_name: str = MISSING
    seed: int = MISSING
    cache_gib: float = 50

    @property
    def blocks(self) -> dict[str, BlockConfig]:
        """The representation's blocks by name, each of its own kind."""
        return {name: _block(name, said) for name, said in self.representation.blocks.items()}

    @property
    def shaping(self) -> dict[str, Any]:
        """What shapes a result: the configuration without places, stores and the study's name."""
        said = asdict(self)
        for key in ("tracking", "release", "paths", "study_name", "cache_gib"):
            del said[key]
        said["representation"]["blocks"] = {name: asdict(block) for name, block in self.blocks.items()}
        # Where records lie or came from does not shape a result; what they say does, by their fingerprint.
        for key in ("records", "sources", "covers", "types", "identifiers"):
            del said["dataset"][key]
        return said


@dataclass
class StudyConfig:
    """A named grid of cells.

    Attributes
    ----------
    grids : list of dict of str to list of str
        Each grid is the cross product of its axes; the study is all of them.
    overrides : list of str
        Hydra overrides that hold for every cell.
    protocol : ProtocolConfig, optional
        What is locked before the first look; without it every cell is exploratory.
    """

    name: str = MISSING
    label: str = MISSING
    success: SuccessConfig = field(default_factory=SuccessConfig)
    overrides: list[str] = field(default_factory=list)
    grids: list[dict[str, list[str]]] = MISSING
    protocol: ProtocolConfig | None = None

    def cells(self) -> list[tuple[tuple[str, str], ...]]:
        """Axes and choices of every cell, in the order of the grids, without repetition."""
        found: dict[tuple[tuple[str, str], ...], None] = {}
        for grid in self.grids:
            for choice in product(*grid.values()):
                found[tuple(zip(grid, choice, strict=True))] = None
        return list(found)


def conf_folder() -> Path:
    """Where the configuration tree lies: in the package (wheel) or beside it (checkout)."""
    package = Path(__file__).parent
    return package / "conf" if (package / "conf").is_dir() else package.parent / "conf"


@contextmanager
def composing() -> Iterator[None]:
    """Open the configuration tree, for as many compositions as are wanted."""
    if GlobalHydra.instance().is_initialized():
        yield
        return
    with initialize_config_dir(str(conf_folder()), version_base="1.3"):
        yield


def compose_experiment(overrides: Sequence[str] = ()) -> ExperimentConfig:
    """Compose and check one cell.

    Raises
    ------
    UnknownChoiceError
        If a group has no such choice.
    ConfigError
        If a key is unknown, a value is missing or of the wrong type, or the choices do not go together.
    """
    return check_experiment(_compose("experiment", overrides))


def compose_dataset(name: str, overrides: Sequence[str] = ()) -> DatasetConfig:
    """Compose and check a dataset that says what its records are made from.

    Raises
    ------
    UnknownChoiceError, ConfigError
        As `compose_experiment` does, and if it names no source.
    """
    dataset = compose_experiment([f"dataset={name}", *overrides]).dataset
    if not dataset.sources:
        raise ConfigError(
            "dataset.sources is empty.", todo="Write it like 'dataset.sources=[ssd/,letters/]'."
        )
    return dataset


def compose_study(name: str, overrides: Sequence[str] = ()) -> StudyConfig:
    """Compose and check a named study; `overrides` are added to those of every cell."""
    if name not in choices("study"):
        raise UnknownChoiceError(f"No study {name}.", todo=f"Known: {', '.join(choices('study'))}.")
    study = _typed(StudyConfig, _compose(f"study/{name}", ()).study, "study")
    for number, grid in enumerate(study.grids):
        unknown = sorted(set(grid) - set(AXES))
        if unknown:
            raise ConfigError(f"study.grids[{number}]: unknown axis {', '.join(unknown)}.")
    if study.protocol is not None:
        study.protocol.check()
    study.overrides = [*study.overrides, *overrides]
    return study


def compose_cells(study: StudyConfig) -> list[ExperimentConfig]:
    """Compose and check every cell of a study.

    Equal to `compose_experiment` cell by cell, but each choice is composed once, not once per cell: no group
    of the tree says anything about another.

    Raises
    ------
    UnknownChoiceError, ConfigError
        As `compose_experiment` does.
    """
    common = [f"study_name={study.name}", *study.overrides]
    with composing():
        base = compose_experiment(common)
        found = {
            (axis, value): getattr(compose_experiment([*common, f"{axis}={value}"]), axis)
            for axis, value in sorted({choice for cell in study.cells() for choice in cell})
        }
    cells = [replace(base, **{axis: found[axis, value] for axis, value in cell}) for cell in study.cells()]
    for cell in cells:
        _check_together(cell)
    return cells


def check_experiment(said: DictConfig) -> ExperimentConfig:
    """Check a composed configuration whole."""
    config = _typed(ExperimentConfig, said, "")
    for group in ("dataset", "question", "classifier", "validation", "tuning", "release"):
        getattr(config, group).check()
    if not config.blocks:
        raise ConfigError("representation.blocks is empty.")
    for key, name in (("dataset.authority", config.dataset.authority), ("study_name", config.study_name)):
        if not NAME.fullmatch(name):
            raise ConfigError(f"{key} must be letters, digits, _, + and -, at most 64.")
    for key, place in asdict(config.paths).items():
        if not place.strip():
            raise ConfigError(f"paths.{key} is empty.", todo="Name a folder; . is the working folder.")
    if min(config.evaluation.replicates, config.cache_gib) < 1:
        raise ConfigError("evaluation.replicates and cache_gib must be at least 1.")
    _check_together(config)
    return config


def _check_together(config: ExperimentConfig) -> None:
    """Refuse choices that do not go together."""
    column = config.classifier.column
    if column is not None and column.split(":")[0] not in config.representation.blocks:
        raise ConfigError(
            f"classifier={config.classifier.name} looks at a column of the block {column.split(':')[0]},"
            f" which representation={config.representation.name} does not have.",
            todo="Choose representation=structured.",
        )


def choices(group: str) -> list[str]:
    """Names of a group's files."""
    return sorted(path.stem for path in (conf_folder() / group).glob("*.yaml"))


@contextmanager
def composition_errors(overrides: Sequence[str]) -> Iterator[None]:
    """Turn what Hydra may raise of overrides into one clear error, as `compose_experiment` does."""
    try:
        yield
    except MissingConfigException as error:
        known = choices(str(error.missing_cfg_file or "").rpartition("/")[0])
        todo = f"Known: {', '.join(known)}." if known else ""
        raise UnknownChoiceError(f"No configuration {error.missing_cfg_file}.", todo) from None
    except (HydraException, OmegaConfBaseException) as error:
        # Hydra goes on to advise a `+`, which the check of the whole would then refuse.
        said = " ".join(f"{error}".split()).partition(" To append")[0]
        groups = f"Groups: {', '.join(GROUPS)}; their files in conf/ show every key."
        raise ConfigError(said, todo=_mistyped(said, overrides) or groups) from None


def _compose(name: str, overrides: Sequence[str]) -> DictConfig:
    with composition_errors(overrides), composing():
        composed: DictConfig = compose(name, list(overrides))
        return composed


def _mistyped(said: str, overrides: Sequence[str]) -> str:
    """Name the key nearest to the one that Hydra quotes, of those there are beside the overrides' choices."""
    files = {f"{group}={name}" for group in GROUPS for name in choices(group)}
    with composing():
        composed = compose("experiment", [override for override in overrides if override in files])
    known = _keys(OmegaConf.to_container(composed))
    keys = [override.lstrip("+~").partition("=")[0] for override in overrides]
    quoted = next((key for key in keys if f"'{key}'" in said and key not in known), "")
    near = get_close_matches(quoted, known, cutoff=0.8)  # a letter or two apart
    return f"Did you mean {near[0]}?" if near else ""


def _keys(said: object, above: str = "") -> list[str]:
    parts = said.items() if isinstance(said, dict) else ()
    return [key for name, part in parts for key in (f"{above}{name}", *_keys(part, f"{above}{name}."))]


def _typed(schema: type[Schema], said: DictConfig, prefix: str) -> Schema:
    try:
        merged = OmegaConf.merge(OmegaConf.structured(schema), said)
        return OmegaConf.to_object(merged)  # type: ignore[return-value] # a structured config becomes its dataclass
    except OmegaConfBaseException as error:
        key = ".".join(part for part in (prefix, error.full_key or "") if part)
        raise ConfigError(f"{key}: {error.msg or error}".splitlines()[0]) from None


def _block(name: str, said: object) -> BlockConfig:
    key = f"representation.blocks.{name}"
    kind = said.get("kind") if isinstance(said, dict) else None
    if kind not in BlockKind.__members__:
        raise ConfigError(f"{key}.kind must be one of {', '.join(BlockKind.__members__)}.")
    block: BlockConfig = _typed(BLOCKS[BlockKind[str(kind)]], DictConfig(said), key)
    block.check()
    return block
