from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import time
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from csc_experiments.representations.matrix import Matrix
from csc_experiments.representations.store import BlockStore

KEY = "0123456789abcdef"
WHOLE = np.array([[0, 1.5, 0], [0, 0, 0], [2, 0, -3]], np.float32)
KINDS = {
    "dense": Matrix(WHOLE, ("a", "b", "naïve"), np.array([1, 5, 7])),
    "sparse": Matrix(sparse.csr_array(WHOLE), ("a", "b", "naïve"), np.array([1, 5, 7])),
}
both_kinds = pytest.mark.parametrize("matrix", KINDS.values(), ids=KINDS.keys())


class Maker:
    """Makes a matrix, and counts how often it is asked to."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.made = 0

    def __call__(self) -> Matrix:
        self.made += 1
        return self.matrix


def assert_same(found: Matrix, expected: Matrix) -> None:
    assert found.names == expected.names
    assert np.array_equal(found.rows, expected.rows)
    assert sparse.issparse(found.values) == sparse.issparse(expected.values)
    assert found.values.dtype == expected.values.dtype
    assert found.values.shape == expected.values.shape
    assert np.array_equal(as_dense(found), as_dense(expected))


def as_dense(matrix: Matrix) -> np.ndarray:  # type: ignore[type-arg] # whatever NumPy gives
    return matrix.values.toarray() if sparse.issparse(matrix.values) else np.asarray(matrix.values)


def block(folder: Path) -> Path:
    return folder / KEY[:2] / KEY


@both_kinds
def test_a_matrix_is_made_once_and_read_back_the_same(tmp_path: Path, matrix: Matrix) -> None:
    make = Maker(matrix)
    for _ in range(3):
        assert_same(BlockStore(tmp_path / "cache").get(KEY, make), matrix)
    assert make.made == 1


@both_kinds
def test_notes_are_kept_with_the_matrix(tmp_path: Path, matrix: Matrix) -> None:
    noted = replace(matrix, notes={"topics": pl.DataFrame({"topic": [0, 1], "words": ["a b", "naïve"]})})
    BlockStore(tmp_path).get(KEY, Maker(noted))
    found = BlockStore(tmp_path).get(KEY, Maker(matrix))
    assert list(found.notes) == ["topics"]
    assert found.notes["topics"].equals(noted.notes["topics"])
    (block(tmp_path) / "note_topics.parquet").write_bytes(b"PAR1")
    assert not BlockStore(tmp_path).get(KEY, Maker(matrix)).notes


@both_kinds
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_an_empty_matrix_is_kept_like_any_other(
    tmp_path: Path, matrix: Matrix, shape: tuple[int, int]
) -> None:
    kind = sparse.csr_array if sparse.issparse(matrix.values) else np.asarray
    empty = Matrix(kind(np.zeros(shape, np.float32)), ("a",) * shape[1], np.arange(shape[0]))
    make = Maker(empty)
    for _ in range(2):
        assert_same(BlockStore(tmp_path).get(KEY, make), empty)
    assert make.made == 1


@both_kinds
def test_what_is_read_back_can_be_used_like_what_was_made(tmp_path: Path, matrix: Matrix) -> None:
    store = BlockStore(tmp_path)
    store.get(KEY, Maker(matrix))
    found = store.get(KEY, Maker(matrix))
    rows = np.array([1, 7])
    assert np.array_equal(np.asarray((found.values @ np.ones(3)).ravel()), WHOLE.sum(axis=1))
    assert found.take(rows).shape == (2, 3)


def test_other_keys_are_other_matrices(tmp_path: Path) -> None:
    store = BlockStore(tmp_path)
    for key, matrix in KINDS.items():
        store.get(f"{key}_key", Maker(matrix))
    for key, matrix in KINDS.items():
        assert_same(store.get(f"{key}_key", Maker(matrix)), matrix)


@both_kinds
def test_a_matrix_that_could_not_be_made_leaves_nothing(tmp_path: Path, matrix: Matrix) -> None:
    store = BlockStore(tmp_path)

    def stop() -> Matrix:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.get(KEY, stop)
    assert not block(tmp_path).exists()
    assert_same(store.get(KEY, Maker(matrix)), matrix)


@settings(max_examples=60, deadline=None)
@given(kind=st.sampled_from(sorted(KINDS)), data=st.data())
def test_a_file_that_was_cut_short_emptied_changed_or_lost_is_made_again(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    matrix, folder = KINDS[kind], tmp_path_factory.mktemp("cache")
    store = BlockStore(folder)
    store.get(KEY, Maker(matrix))
    victim = data.draw(st.sampled_from(sorted(block(folder).iterdir())))
    whole = victim.read_bytes()
    kept = data.draw(st.none() | st.integers(-len(whole), len(whole) - 1))
    if kept is None:
        victim.unlink()
    elif kept >= 0:
        victim.write_bytes(whole[:kept])
    else:
        # One bit of one byte.
        victim.write_bytes(whole[:kept] + bytes([whole[kept] ^ 1]) + whole[len(whole) + kept + 1 :])
    make = Maker(matrix)
    assert_same(store.get(KEY, make), matrix)
    assert make.made == 1
    assert_same(store.get(KEY, make), matrix)
    assert make.made == 1
    shutil.rmtree(folder)


@both_kinds
@pytest.mark.parametrize(
    "about",
    [
        [],
        {},
        None,
        {"names": ["a", "b"], "shape": [3, 3]},
        {"names": ["a", "b", "naïve"], "shape": [4, 3]},
        {"names": None, "shape": [3, 3]},
        {"names": ["a", "b", "naïve"], "shape": 3},
    ],
)
def test_a_description_of_something_else_is_made_again(tmp_path: Path, matrix: Matrix, about: object) -> None:
    store = BlockStore(tmp_path)
    store.get(KEY, Maker(matrix))
    said = json.dumps(about)
    written = {"said": said, "sum": zlib.crc32(said.encode())}
    (block(tmp_path) / "about.json").write_text(json.dumps(written), encoding="utf-8")
    assert_same(store.get(KEY, Maker(matrix)), matrix)


def filled(folder: Path, limit: int | None = None) -> BlockStore:
    """A store of four matrices, of which the first was asked for again at last."""
    store = BlockStore(folder, limit)
    for number in range(4):
        store.get(f"{number}_key", Maker(KINDS["dense"]))
        os.utime(folder / f"{number}_" / f"{number}_key" / "about.json", (number, number))
    store.get("0_key", Maker(KINDS["dense"]))
    return store


def test_what_was_not_asked_for_the_longest_time_makes_room(tmp_path: Path) -> None:
    store = filled(tmp_path)
    assert [kept.path.name for kept in store.kept()] == ["1_key", "2_key", "3_key", "0_key"]
    size = store.kept()[0].size
    assert store.prune(4 * size) == 0
    assert store.prune(2 * size) == 2
    assert [kept.path.name for kept in store.kept()] == ["3_key", "0_key"]
    make = Maker(KINDS["dense"])
    assert_same(store.get("1_key", make), KINDS["dense"])
    assert make.made == 1


def test_a_store_with_a_limit_keeps_to_it_and_what_is_open_stays_readable(tmp_path: Path) -> None:
    size = filled(tmp_path / "other").kept()[0].size
    store = BlockStore(tmp_path / "cache", 2 * size)
    opened = store.get("first", Maker(KINDS["sparse"]))
    opened = store.get("first", Maker(KINDS["sparse"]))
    for number in range(5):
        store.get(f"{number}_key", Maker(KINDS["dense"]))
        assert sum(kept.size for kept in store.kept()) <= 2 * size
    assert_same(opened, KINDS["sparse"])


def make_slowly(folder: Path, ready: object) -> None:
    """Ask for a matrix at the same time as others; leave a mark for each time that it is made."""

    def make() -> Matrix:
        time.sleep(0.3)
        (folder / f"made_{multiprocessing.current_process().name}").touch()
        return KINDS["sparse"]

    ready.wait()  # type: ignore[attr-defined] # a barrier
    assert_same(BlockStore(folder / "cache").get(KEY, make), KINDS["sparse"])


def test_processes_that_ask_at_the_same_time_make_it_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(3, timeout=60)
    started = [
        context.Process(target=make_slowly, args=(tmp_path, together), name=f"p{n}", daemon=True)
        for n in range(3)
    ]
    for process in started:
        process.start()
    for process in started:
        process.join(timeout=60)
    assert [process.exitcode for process in started] == [0, 0, 0]
    assert len(list(tmp_path.glob("made_*"))) == 1
