"""What is no census, or no longer one, is refused, and nothing of it is repeated."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csc_experiments.errors import InvalidDateError, RecordsNotFoundError, UnreadableInputError
from csc_experiments.records.cin_census.census import read_cin_census

SAMPLES = Path(__file__).parents[2] / "data" / "cin_census"
CANARY = "ZZCANARY"
CHILD = "<Child><ChildIdentifiers><LAchildID>C1</LAchildID></ChildIdentifiers></Child>"
WHOLE = (
    "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2022</Year></CollectionDetails>"
    f"</Header><Children>{CHILD}</Children></Message>"
)
BOMB = (
    '<!DOCTYPE Message [<!ENTITY a "ZZCANARY">'
    + "".join(
        f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   ",
        bytes(range(256)) * 20,
        b"PK\x03\x04 not a census",
        CANARY,
        f"<{CANARY}/>",
        f"<Root>{WHOLE}</Root>",
        "<Message/>",
        WHOLE.replace(CHILD, ""),
        WHOLE.replace("<Collection>CIN<", f"<Collection>{CANARY}<"),
        WHOLE.replace("</Child>", f"</{CANARY}>"),
        WHOLE.replace("C1", f"&{CANARY};"),
        '<!DOCTYPE Message SYSTEM "file:///etc/passwd">' + WHOLE,
        BOMB + WHOLE.replace("C1", "&i;"),
        BOMB + "<Message a='&i;'/>",
        '<?xml version="1.0" encoding="ZZCANARY"?>' + WHOLE,
        WHOLE.replace("C1", "C" * 11_000_000),
    ],
)
def test_what_is_no_census_is_refused_without_a_word_of_it(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "census.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UnreadableInputError) as refused:
        read_cin_census(path)
    assert CANARY not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_folder_and_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError):
        read_cin_census(tmp_path)
    with pytest.raises(RecordsNotFoundError):
        read_cin_census(tmp_path / "absent.xml")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_census_that_is_cut_short_is_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = (SAMPLES / "CIN_Census_2021.xml").read_bytes().strip().replace(b"DfEX0000001", CANARY.encode())
    path = tmp_path_factory.mktemp("cut") / "census.xml"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(UnreadableInputError) as refused:
        read_cin_census(path)
    assert CANARY not in str(refused.value)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_census_is_read_or_refused_and_never_fails_otherwise(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    content = bytearray((SAMPLES / "CIN2rows.xml").read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=5)):
        content[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "census.xml"
    path.write_bytes(content)
    with suppress(UnreadableInputError, InvalidDateError):
        assert read_cin_census(path).tables["ssd_person"].height <= 1


def test_the_file_that_the_others_are_spoilt_from_is_a_census(tmp_path: Path) -> None:
    (tmp_path / "census.xml").write_text(WHOLE)
    assert read_cin_census(tmp_path / "census.xml").tables["ssd_person"].height == 1
