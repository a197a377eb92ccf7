from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.drilling.expected import Expected, Listed, path_digest, read_expected
from support.contents import content, listed

KEY = b"k" * 32
FILES = {"srv/a": b"one", "srv/b/c": b"the other", "srv/empty": b""}
some_files = st.dictionaries(st.text(min_size=1), st.binary(max_size=40), max_size=12)


@given(some_files, st.integers(1, 4), st.sampled_from([b"", KEY]))
def test_what_was_listed_is_found_and_nothing_else(
    files: dict[str, bytes], pieces: int, key: bytes
) -> None:
    expected = listed(files, key=key, pieces=pieces)
    assert (expected.files, expected.bytes) == (len(files), sum(map(len, files.values())))
    for path, octets in files.items():
        (entry,) = expected.at(path)
        assert (entry.size, entry.chunks) == (
            len(octets),
            content(path, octets, pieces=pieces).chunks,
        )
    assert expected.at("/".join(files) + "/other") == []


@given(some_files)
def test_every_file_is_named_once_in_the_order_of_its_number(files: dict[str, bytes]) -> None:
    expected = listed(files)
    assert [entry.number for entry in expected] == [*range(len(files))]
    assert {expected.at(path)[0].number for path in files} == {*range(len(files))}


@given(st.lists(st.binary(min_size=1, max_size=6).filter(lambda name: b"/" not in name)))
def test_names_that_are_no_utf_8_are_found_as_a_tool_shows_them(names: list[bytes]) -> None:
    for name in names:
        on_disk = name.decode("utf-8", errors="surrogateescape")
        shown = "".join("\ufffd" if "\udc80" <= each <= "\udcff" else each for each in on_disk)
        assert path_digest(on_disk, KEY) == path_digest(shown, KEY)


def test_names_that_look_alike_are_all_found() -> None:
    taken = Listed()
    for octets in (b"one", b"other"):
        taken.take(content("M\ufffdller", octets))
    taken.take(content("Muller", b"third"))
    assert {each.size for each in taken.whole().at(os.fsdecode(b"M\xfcller"))} == {3, 5}


def test_what_stands_for_the_bytes_is_alike_wherever_they_lie() -> None:
    expected = listed({"a": b"same", "b": b"same", "c": b"other", "d": b"", "e": b""}, pieces=2)
    digests = [expected.at(path)[0].digest for path in "abcde"]
    assert digests[0] == digests[1]
    assert digests[3] == digests[4]
    assert len({*digests}) == 3


def test_a_list_holds_no_names_and_is_small() -> None:
    names = {f"customers/jane-doe-{number:06}.wav": b"%d" % number for number in range(2_000)}
    octets = bytes(listed(names, key=KEY)._octets[:])
    assert len(octets) / len(names) < 100
    assert b"jane" not in octets


def test_a_key_makes_the_digests_of_names_another_installation_s() -> None:
    assert path_digest("a", KEY) != path_digest("a", b"")
    assert path_digest("a", KEY) != path_digest("a", b"other")


@given(files=some_files)
def test_a_list_that_was_written_is_read_alike(
    files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("lists") / "list"
    expected = listed(files, key=KEY, pieces=3)
    expected.write(file)
    read = read_expected(file, key=KEY)
    assert read is not None
    assert (read.files, read.bytes, [*read]) == (expected.files, expected.bytes, [*expected])
    assert [*file.parent.iterdir()] == [file]
    assert file.stat().st_mode & 0o777 == 0o600


def written(folder: Path) -> Path:
    file = folder / "list"
    listed(FILES, key=KEY, pieces=2).write(file)
    return file


@pytest.mark.parametrize("kept", [0, 10, 40, 100, -40, -1])
def test_a_list_that_was_cut_short_is_no_list(tmp_path: Path, kept: int) -> None:
    file = written(tmp_path)
    file.write_bytes(file.read_bytes()[:kept])
    assert read_expected(file, key=KEY) is None


def test_a_list_with_any_bit_changed_is_no_list(tmp_path: Path) -> None:
    file = written(tmp_path)
    whole = file.read_bytes()
    for at in range(len(whole)):
        file.write_bytes(whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :])
        assert read_expected(file, key=KEY) is None
    file.write_bytes(whole)
    assert read_expected(file, key=KEY) is not None


def test_a_list_of_another_key_is_no_list(tmp_path: Path) -> None:
    assert read_expected(written(tmp_path), key=b"another") is None


def test_where_no_list_is_there_is_none(tmp_path: Path) -> None:
    assert read_expected(tmp_path / "list", key=KEY) is None
    assert read_expected(tmp_path, key=KEY) is None


@pytest.mark.parametrize(
    "octets", [b"another format\n" + bytes(60), b"ccir-expected-1\n" + b"\xff" * 60]
)
def test_other_bytes_are_no_list(octets: bytes) -> None:
    with pytest.raises(ValueError, match="no list"):
        Expected(octets, key=b"")
