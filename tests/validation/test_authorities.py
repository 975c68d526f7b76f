"""Authorities that are joined share no child and no family, and each was asked by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from csc_experiments.config import compose_experiment
from csc_experiments.errors import ConfigError
from csc_experiments.experiment import cell_key, load_cohort, run_cell
from csc_experiments.history.events import History, build_history
from csc_experiments.questions.cohort import Cohort, ask
from csc_experiments.questions.definition import QuestionConfig
from csc_experiments.records import Records
from csc_experiments.records.tables import RECORD_TABLES
from csc_experiments.synthetic import settings_from, write_authority
from csc_experiments.validation.authorities import join_authorities

Asked = tuple[History, Cohort]
AUTHORITIES = ("la1", "la2", "la3")


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("three")
    for seed, name in enumerate(AUTHORITIES):
        settings = settings_from(name, {"children": 300, "years": 4})
        write_authority(settings, seed, folder / "records" / name)
    return folder


@pytest.fixture
def workspace(three: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(three)
    return three


def asked_alone(name: str) -> Asked:
    return load_cohort(compose_experiment([f"dataset={name}"]))


@pytest.mark.usefixtures("workspace")
def test_every_authority_keeps_its_children_families_and_outcomes_under_numbers_of_its_own() -> None:
    alone = [asked_alone(name) for name in AUTHORITIES]
    history, cohort = join_authorities(alone)
    same = ["prediction_time", "outcome", "outcome_time", "index_code", "birth"]
    for name, (its_history, its_cohort) in zip(AUTHORITIES, alone, strict=True):
        part = cohort.rows.filter(authority=name)
        assert part.select(same).equals(its_cohort.rows.select(same))
        assert part["here"].to_list() == [name == "la1"] * part.height
        for key in ("subject_id", "family_id"):
            moved = part[key] - its_cohort.rows[key]
            assert moved.n_unique() == 1
            assert (moved[0] == 0) is (name == "la1")
        children = part.join(history.subjects, on="subject_id", how="left", suffix="_told")
        assert children["family_id"].equals(children["family_id_told"], check_names=False)
        told = part.join(history.events, on="subject_id", how="inner")
        assert told.height == its_cohort.rows.join(its_history.events, on="subject_id").height
    for key in ("subject_id", "family_id"):
        by_authority = [set(part[key]) for part in cohort.rows.partition_by("authority")]
        assert sum(map(len, by_authority)) == len(set.union(*by_authority))
    assert history.events["subject_id"].is_sorted()
    assert history.subjects["subject_id"].is_unique().all()
    assert history.subjects.height == sum(each.subjects.height for each, _ in alone)
    removed = [each.flow["removed"].to_list() for _, each in alone]
    assert cohort.flow["removed"].to_list() == [sum(counts) for counts in zip(*removed, strict=True)]


@pytest.mark.usefixtures("workspace")
def test_an_authority_alone_is_itself_and_none_stands_on_both_sides() -> None:
    la1, la2 = asked_alone("la1"), asked_alone("la2")
    assert join_authorities([la1])[1] is la1[1]
    assert "authority" not in la1[1].rows.columns
    for twice in ([la1, la1], [la1, la2, la2]):
        with pytest.raises(ConfigError, match="stand on both sides, or be learned from twice"):
            join_authorities(twice)
    longer = Cohort(la2[1].rows, la2[1].flow, la2[1].horizon * 2)
    with pytest.raises(ConfigError, match="different horizons"):
        join_authorities([la1, (la2[0], longer)])


@pytest.mark.usefixtures("workspace")
def test_what_one_authority_lacks_the_joined_records_lack() -> None:
    la1, la2 = asked_alone("la1"), asked_alone("la2")
    bare = replace(la2[0], documents=la2[0].documents.clear(), linked=False, tables=frozenset({"ssd_person"}))
    history, _ = join_authorities([la1, (bare, la2[1])])
    assert history.documents.is_empty()
    assert not history.linked
    assert history.tables == {"ssd_person"}
    whole, _ = join_authorities([la1, la2])
    assert whole.documents.height == la1[0].documents.height + la2[0].documents.height
    assert whole.extract.fingerprint not in {la1[0].extract.fingerprint, la2[0].extract.fingerprint}


def test_children_of_one_name_in_two_authorities_are_two_children(
    drawn_records: Callable[..., Records], questions: dict[str, QuestionConfig]
) -> None:
    """Both authorities call their only child A, and A's family 1."""
    records = drawn_records(
        children="""
            child | born
            A     | 2012-05-01
            """,
        families="""
            family | child
            1      | A
            """,
        referrals="""
            child | referred   | nfa | closed
            A     | 2020-03-01 | Y   | 2020-03-01
            """,
    )
    asked = []
    for authority in ("la1", "la2"):
        drawn = build_history(Records(replace(records.extract, authority=authority), records.tables))
        history = replace(drawn, tables=frozenset(RECORD_TABLES))
        asked.append((history, ask(questions["closed_nfa_rereferred"], history)))
    _, cohort = join_authorities(asked)
    assert cohort.rows["subject_id"].to_list() == [0, 1]
    assert cohort.rows["family_id"].n_unique() == 2


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("others", ["[la2,la3]", "[la2]"])
def test_a_cell_learns_from_the_others_and_tests_on_its_own(others: str) -> None:
    said = [
        "validation=other_authorities",
        f"validation.others={others}",
        "validation.min_positives=1",
        "validation.inner_folds=2",
        "tuning=quick",
        "tuning.trials=2",
        "evaluation.replicates=20",
    ]
    config = compose_experiment(said)
    result = run_cell(config)
    _, alone = asked_alone("la1")
    assert result.scores["rows"] == alone.rows.height
    assert result.scores["positives"] == alone.rows["outcome"].sum()
    assert cell_key(config) != cell_key(compose_experiment([*said, "validation.others=[la3]"]))


@pytest.mark.usefixtures("workspace")
def test_a_cell_never_learns_from_its_own_authority() -> None:
    config = compose_experiment(["validation=other_authorities", "validation.others=[la2,la1]"])
    with pytest.raises(ConfigError, match=r"validation\.others"):
        load_cohort(config)
