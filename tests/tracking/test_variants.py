"""Names promise equal settings; where they do not keep it, a comparison says so."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.tracking.variants import Making, variants

AXES = ("dataset", "question", "representation", "classifier", "validation")
NAMES = ("authority", *AXES)
LEAVES = {
    "config.dataset.synthetic.children": ["100", "200"],
    "config.question.outcome.within_days": ["180", "365"],
    "config.question.label": ["Does it?", "Will it?"],
    "config.representation.blocks.tfidf.max_terms": ["50", "60"],
    "config.classifier.search.C.low": ["0.1", "0.2"],
    "config.validation.folds": ["3", "5"],
    "config.seed": ["1", "2"],
    "config.evaluation.replicates": ["50", "99"],
    "config.tuning.name": ["quick", "slow"],
    "config.tuning.trials": ["5", "20"],
}
SHOWN_ELSEWHERE = {"config.question.label", "config.tuning.name"}
RECORDS, CODE = ["1" * 16, "2" * 16], ["8" * 32, "9" * 32]


@st.composite
def makings(draw: st.DrawFn) -> Making:
    """Draw a cell from few names and few settings, some of them not set."""
    names = {name: draw(st.sampled_from("ab")) for name in NAMES}
    said = draw(st.fixed_dictionaries({}, optional={key: st.sampled_from(LEAVES[key]) for key in LEAVES}))
    return Making(names | said, draw(st.sampled_from(RECORDS)), draw(st.sampled_from(CODE)))


def must_agree(one: Making, other: Making, leaf: str) -> bool:
    """Whether what is shown of two cells promises that they have the same setting."""
    axis = leaf.split(".")[1]
    if leaf in SHOWN_ELSEWHERE:
        return False
    if axis in AXES:
        return one.params[axis] == other.params[axis]
    if axis != "tuning" or (one.searches and other.searches):
        return True
    same = all(one.params[name] == other.params[name] for name in NAMES)
    return same and one.searches == other.searches


def slowly(cells: list[Making]) -> list[str]:
    """Say the variants pair by pair."""
    told = []
    for cell in cells:
        leaves = [
            f"{leaf.removeprefix('config.')}={cell.params.get(leaf, 'None')}"
            for leaf in sorted(LEAVES)
            if any(
                must_agree(cell, other, leaf) and cell.params.get(leaf) != other.params.get(leaf)
                for other in cells
            )
        ]
        neighbours = [other for other in cells if other.params["authority"] == cell.params["authority"]]
        records = ["records=" + cell.records[:8]] * any(other.records != cell.records for other in neighbours)
        code = ["code=" + cell.code[:8]] * any(other.code != cell.code for other in cells)
        told.append("; ".join([*leaves, *records, *code]))
    return told


@settings(max_examples=150)
@given(st.lists(makings(), min_size=1, max_size=7))
def test_cells_say_what_their_names_leave_open_and_nothing_else(cells: list[Making]) -> None:
    assert variants(cells) == slowly(cells)


@settings(max_examples=150)
@given(st.lists(makings(), min_size=2, max_size=7))
def test_names_and_variant_together_tell_any_two_cells_apart(cells: list[Making]) -> None:
    rows = zip(cells, variants(cells), strict=True)
    for (one, said), (other, also_said) in combinations(rows, 2):
        same = {**one.settings, "r": one.records, "c": one.code} == {
            **other.settings,
            "r": other.records,
            "c": other.code,
        }
        if not same and all(one.params[name] == other.params[name] for name in NAMES):
            assert said != also_said


def cell(names: str, records: str = RECORDS[0], code: str = CODE[0], **leaves: str) -> Making:
    """Invent a cell whose question and classifier are named, and whose other names are always the same."""
    question, classifier = names.split()
    said = {f"config.{key.replace('__', '.')}": value for key, value in leaves.items()}
    return Making(
        {**dict.fromkeys(NAMES, "x"), "question": question, "classifier": classifier, **said}, records, code
    )


def test_a_question_of_two_horizons_shows_even_where_no_two_cells_share_all_names() -> None:
    cells = [
        cell("returns logistic", question__outcome__within_days="180"),
        cell("returns boosting", question__outcome__within_days="365"),
        cell("another boosting", question__outcome__within_days="30"),
    ]
    assert variants(cells) == ["question.outcome.within_days=180", "question.outcome.within_days=365", ""]


def test_a_cell_that_searches_nothing_does_not_speak_of_tuning() -> None:
    cells = [
        cell("q baseline", tuning__trials="20"),
        cell("q logistic", tuning__trials="5", classifier__search__C__low="0.1"),
        cell("q boosting", tuning__trials="20", classifier__search__depth__low="1"),
    ]
    assert variants(cells) == ["", "tuning.trials=5", "tuning.trials=20"]


def test_a_setting_that_an_older_version_did_not_have_was_not_set() -> None:
    older, newer = cell("q c"), cell("q c", code=CODE[1], question__since="None")
    assert variants([older, newer]) == ["code=88888888", "code=99999999"]


def test_records_are_told_apart_within_an_authority_alone() -> None:
    here, there = cell("q c"), cell("q c", records=RECORDS[1])
    elsewhere = Making(dict(there.params) | {"authority": "la2"}, there.records, there.code)
    assert variants([here, elsewhere]) == ["", ""]
    assert variants([here, there]) == ["records=11111111", "records=22222222"]
