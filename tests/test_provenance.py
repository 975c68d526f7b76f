from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_experiments import provenance
from csc_experiments.provenance import PACKAGE, code_version, digest

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(value=JSON, other=JSON)
def test_digests_are_equal_where_the_json_is(value: Any, other: Any) -> None:  # noqa: ANN401 - any JSON
    same = json.dumps(value, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (digest(value) == digest(other)) == same


@given(said=st.dictionaries(st.text(max_size=3), JSON, min_size=2, max_size=5), order=st.randoms())
def test_the_order_of_keys_says_nothing(said: dict[str, Any], order: Any) -> None:  # noqa: ANN401 - random.Random
    keys = list(said)
    order.shuffle(keys)
    assert digest({key: said[key] for key in keys}) == digest(said)


def test_the_order_of_a_list_says_something_and_a_tuple_is_a_list() -> None:
    assert digest([1, 2]) != digest([2, 1])
    assert digest((1, 2)) == digest([1, 2])


@pytest.mark.parametrize("value", [{1, 2}, object(), Path("x"), b"x"])
def test_what_json_cannot_hold_has_no_digest(value: object) -> None:
    with pytest.raises(TypeError):
        digest(value)


def test_a_digest_is_the_same_in_another_process() -> None:
    said = (
        "from csc_experiments.provenance import code_version, digest;"
        "print(digest({'b': [1, 2.5], 'a': 'é'}), code_version('seeds.py'))"
    )
    found = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert found.stdout.split() == [digest({"a": "é", "b": [1, 2.5]}), code_version("seeds.py")]


@pytest.mark.parametrize("parts", [("seeds.py",), ("history",), ("history", "seeds.py"), ()])
def test_a_code_version_is_a_hash_and_repeats(parts: tuple[str, ...]) -> None:
    assert len(code_version(*parts)) == 32
    assert int(code_version(*parts), 16) >= 0
    assert code_version(*parts) == code_version(*parts)


def test_other_parts_have_another_version() -> None:
    parts = [(), ("history",), ("questions",), ("history", "questions"), ("seeds.py",)]
    assert len({code_version(*said) for said in parts}) == len(parts)
    assert code_version("history", "questions") == code_version("questions", "history")


def test_a_part_that_does_not_exist_has_no_version() -> None:
    with pytest.raises(FileNotFoundError):
        code_version("no_such_part")


def test_the_version_follows_every_file_of_a_part(tmp_path: Path) -> None:
    """A copy of the module beside a small package of its own."""
    (tmp_path / "part").mkdir()
    copy = tmp_path / "provenance.py"
    copy.write_text((PACKAGE / "provenance.py").read_text(encoding="utf-8"), encoding="utf-8")

    def version() -> str:
        said = "import provenance; print(provenance.code_version('part'))"
        found = subprocess.run(
            [sys.executable, "-c", said], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return found.stdout.strip()

    seen = [version()]
    (tmp_path / "part" / "one.py").write_text("A = 1\n", encoding="utf-8")
    seen.append(version())
    (tmp_path / "part" / "one.py").write_text("A = 2\n", encoding="utf-8")
    seen.append(version())
    (tmp_path / "part" / "two.py").write_text("", encoding="utf-8")
    seen.append(version())
    (tmp_path / "part" / "sentences.txt").write_text("It rained.", encoding="utf-8")
    seen.append(version())
    assert len(set(seen)) == 5
    (tmp_path / "other.py").write_text("A = 1\n", encoding="utf-8")
    (tmp_path / "part" / "notes.md").write_text("x", encoding="utf-8")
    assert version() == seen[-1]


def test_every_library_that_shapes_a_result_is_named() -> None:
    assert set(provenance.LIBRARIES) >= {"gensim", "numpy", "optuna", "polars", "scikit-learn", "spacy"}
