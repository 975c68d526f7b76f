"""What is no return, or a damaged one, is refused by file, and nothing of it is repeated."""

import random
from contextlib import suppress
from pathlib import Path

import pytest

from csc_experiments.errors import (
    CscError,
    InvalidDateError,
    MissingColumnError,
    RecordsNotFoundError,
    UnreadableInputError,
)
from csc_experiments.records.ssda903.returns import read_ssda903

CANARY = "ZZCANARY"
HEADING = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
FIRST = f"{CANARY},01/05/2023,S,V2,N1,U6,PR1,01/06/2023,X1,CARPL,AA1 1AA,BB1 1BB,1234567"
SECOND = f"{CANARY},01/06/2023,P,V2,N1,K2,PR4,,,,AA1 1AA,BB1 1BB,"
EPISODES = f"{HEADING}\n{FIRST}\n{SECOND}\n"
HEADER = f"CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n{CANARY},1,01/02/2011,WBRI,UN1,,\n"
MISSING = f"CHILD,DOB,MISSING,MIS_START,MIS_END\n{CANARY},01/02/2011,M,02/06/2023,05/06/2023\n"
UASC = f"CHILD,SEX,DOB,DUC\n{CANARY},1,01/02/2011,01/02/2029\n"


def many(row: str) -> str:
    return HEADING + "\n" + "".join(f"{number}{row}\n" for number in range(30))


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


REFUSED: dict[str, tuple[dict[str, str | bytes], type[CscError], str]] = {
    "empty": ({"2024/episodes.csv": ""}, UnreadableInputError, "episodes.csv"),
    "blank": ({"2024/episodes.csv": "\n\n"}, UnreadableInputError, "episodes.csv"),
    "no text": ({"2024/episodes.csv": bytes(range(256)) * 9}, UnreadableInputError, "episodes.csv"),
    "cut in a line": ({"2024/episodes.csv": EPISODES[:-30]}, UnreadableInputError, "middle of a line"),
    "cut in the heading": ({"2024/episodes.csv": EPISODES[:14]}, MissingColumnError, "'DEC'"),
    "merged heading": (
        {"2024/episodes.csv": EPISODES.replace("CHILD,DECOM", "CHILD DECOM")},
        UnreadableInputError,
        "episodes.csv",
    ),
    "one merged heading for all": (
        {"2024/episodes.csv": EPISODES.replace(",", " ")},
        UnreadableInputError,
        "no file of the return",
    ),
    "a heading twice": (
        {"2024/episodes.csv": EPISODES.replace("REC,", "DEC,")},
        UnreadableInputError,
        "twice",
    ),
    "another file than its name": ({"2024/episodes.csv": HEADER}, UnreadableInputError, "header"),
    "two files in one": (
        {"2024/all.csv": EPISODES.replace("URN", "MIS_START")},
        UnreadableInputError,
        "episodes and missing",
    ),
    "no placement column": (
        {"2024/episodes.csv": EPISODES.replace(",PLACE,", ",PLAICE,")},
        MissingColumnError,
        "'PLACE'",
    ),
    "no year": ({"episodes.csv": EPISODES}, UnreadableInputError, "has a year"),
    "a day for a year": ({"episodes 2024-06-30.csv": EPISODES}, UnreadableInputError, "has a year"),
    "two years": ({"2023/episodes 2024.csv": EPISODES}, UnreadableInputError, "another year"),
    "a year twice": (
        {"2024/episodes.csv": EPISODES, "2023-24 episodes.csv": EPISODES},
        UnreadableInputError,
        "both the episodes of 2024",
    ),
    "no episodes": ({"2024/header.csv": HEADER}, RecordsNotFoundError, "no episodes of 2024"),
    "nothing": ({"2024/notes.txt": CANARY}, RecordsNotFoundError, "among its 1 files"),
    "child and day exchanged": (
        {"2024/episodes.csv": EPISODES.replace("CHILD,DECOM", "DECOM,CHILD")},
        InvalidDateError,
        "'DECOM'",
    ),
    "start and end exchanged": (
        {"2024/episodes.csv": many(FIRST).replace("DECOM", "DEC", 1).replace(",DEC,REC", ",DECOM,REC")},
        InvalidDateError,
        "'DEC' is before 'DECOM'",
    ),
    "codes exchanged": (
        {"2024/episodes.csv": many(FIRST).replace("RNE,LS", "LS,RNE")},
        UnreadableInputError,
        "'RNE'",
    ),
    "told by the year after": (
        {"2025/episodes.csv": many(FIRST)},
        InvalidDateError,
        "none of 30 rows begins or ends from 1 April 2024 to 31 March 2025",
    ),
    "told by the year in which they begin": (
        {"2023/episodes.csv": many(FIRST)},
        InvalidDateError,
        "30 of 30 rows begin after 31 March 2023",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_by_file_without_a_word_of_it(tmp_path: Path, case: str) -> None:
    files, error, said = REFUSED[case]
    with pytest.raises(error, match=said) as refused:
        read_ssda903(write(tmp_path / "returns", files))
    assert CANARY not in str(refused.value)
    assert str(tmp_path) in str(refused.value)
    assert refused.value.__cause__ is None


def test_an_absent_folder(tmp_path: Path) -> None:
    with pytest.raises(RecordsNotFoundError):
        read_ssda903(tmp_path / "absent")


@pytest.mark.parametrize(
    "content",
    [
        EPISODES.replace("V2", "V2 ").replace("\n", "\r\n").encode("windows-1252")
        + "\xa0,,,\n".encode("cp1252"),
        EPISODES.encode("utf-8-sig"),
        EPISODES.encode("utf-16"),
        EPISODES.replace("01/05/2023", "2023-05-01").replace("DECOM", " decom ").encode(),
        EPISODES.removesuffix("\n").encode(),
        "\n".join(line + ",\N{POUND SIGN}" for line in EPISODES.splitlines()).encode("windows-1252"),
        "\n".join(",".join(line.split(",")[::-1]) for line in EPISODES.splitlines()).encode(),
    ],
)
@pytest.mark.parametrize("name", ["2024/episodes.csv", "Episodes_2023-24.CSV", "2024/part 1.csv"])
def test_what_spreadsheets_do_to_a_file_does_it_no_harm(tmp_path: Path, content: bytes, name: str) -> None:
    folder = write(tmp_path, {name: content, "2024/uasc.csv": UASC, "2024/other/deep.csv": CANARY})
    found = read_ssda903(folder)
    assert found.tables["ssd_cla_episodes"].height == 2
    assert found.tables["ssd_legal_status"].height == 1
    assert found.years == (2024,)
    assert "Not used: uasc (1 rows)." in found.notes


def test_the_notes_tell_which_years_are_missing_and_which_files_are_of_no_return(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{year}/episodes.csv": f"{HEADING}\n" for year in (2021, 2024)}
    found = read_ssda903(write(tmp_path, {**files, "2024/readme.txt": "", "2024/costs.csv": "a,b\n1,2\n"}))
    assert (
        "There is no return between 2021 and 2024: what began and ended in between is in none." in found.notes
    )
    assert "2 files are of no return and were not read." in found.notes
    assert all(table.is_empty() for table in found.tables.values())


def test_mutated_bytes_bring_nothing_but_errors_that_say_what_to_do(tmp_path: Path) -> None:
    luck = random.Random(903)  # noqa: S311 - the same mutations every time, no secret
    whole = {"2024/episodes.csv": EPISODES, "2024/header.csv": HEADER, "2024/missing.csv": MISSING}
    read = 0
    for _ in range(200):
        name = luck.choice(sorted(whole))
        raw = bytearray(whole[name].encode())
        for _ in range(luck.randint(1, 3)):
            at = luck.randrange(len(raw))
            noise = bytes([luck.randrange(256)]) * luck.randint(0, 3)
            pieces = [noise, noise, b",", b'"', b"\n", b"X1", b"S", b"01/06/2023", b"2099"]
            raw[at : at + luck.choice([0, 1, 2, 10])] = luck.choice(pieces)
        with suppress(CscError):
            found = read_ssda903(write(tmp_path, {**whole, name: bytes(raw)}))
            read += found.years == (2024,)
    assert 20 < read < 180
