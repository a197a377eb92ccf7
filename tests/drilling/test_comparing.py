from __future__ import annotations

import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.domain.drills import Proven
from ccir.drilling.comparing import Comparison, compare_folder
from ccir.drilling.expected import Expected, Listed
from support.contents import content, listed, write_files

FILES = {"srv/a": b"one", "srv/b/c": b"the other", "srv/empty": b""}
some_files = st.dictionaries(
    st.text("abcé", min_size=1, max_size=3), st.binary(max_size=30), min_size=1, max_size=8
).filter(lambda files: any(files.values()))


def never() -> bool:
    return False


def noted(expected: Expected, files: Mapping[str, bytes]) -> Comparison:
    comparison = Comparison(expected)
    for path, octets in files.items():
        comparison.note(path, len(octets), source=BytesIO(octets))
    return comparison


def compared(expected: Expected, folder: Path) -> Comparison:
    comparison = Comparison(expected)
    compare_folder(folder, comparison, is_cancelled=never)
    return comparison


def told(comparison: Comparison) -> tuple[str, str]:
    result = comparison.result()
    return result.verdict, result.reason


@given(some_files, st.integers(1, 4))
def test_what_came_back_as_it_was_is_proven(files: dict[str, bytes], pieces: int) -> None:
    comparison = noted(listed(files, pieces=pieces), files)
    size = sum(map(len, files.values()))
    assert told(comparison) == ("pass", "")
    assert comparison.proven() == Proven(files=len(files), bytes=size)
    assert (comparison.files, comparison.bytes) == (len(files), size)
    assert len([*comparison.met()]) == len(files)


@given(st.data(), some_files, st.integers(1, 4))
def test_any_changed_byte_is_a_fail(
    data: st.DataObject, files: dict[str, bytes], pieces: int
) -> None:
    path = data.draw(st.sampled_from([each for each in files if files[each]]))
    octets = bytearray(files[path])
    octets[data.draw(st.integers(0, len(octets) - 1))] ^= data.draw(st.integers(1, 255))
    comparison = noted(listed(files, pieces=pieces), {**files, path: bytes(octets)})
    assert told(comparison) == ("fail", "content-differs")
    assert comparison.proven().files == len(files) - 1


@given(st.data(), some_files)
def test_any_file_that_is_missing_is_a_fail(data: st.DataObject, files: dict[str, bytes]) -> None:
    missing = data.draw(st.sampled_from([*files]))
    rest = {path: octets for path, octets in files.items() if path != missing}
    comparison = noted(listed(files), rest)
    assert told(comparison) == ("fail", "content-missing")
    assert f"of {len(files)} files 0 are wrong and 1 are missing" in comparison.result().detail


@given(some_files, st.binary(max_size=9))
def test_any_file_that_nobody_listed_is_a_fail(files: dict[str, bytes], more: bytes) -> None:
    comparison = noted(listed(files), {**files, "not listed": more})
    assert told(comparison) == ("fail", "content-unexpected")


@given(st.data(), some_files)
def test_a_path_that_comes_twice_is_a_fail(data: st.DataObject, files: dict[str, bytes]) -> None:
    comparison = noted(listed(files), files)
    twice = data.draw(st.sampled_from([*files]))
    comparison.note(twice, len(files[twice]), source=BytesIO(files[twice]))
    assert told(comparison) == ("fail", "content-unexpected")
    assert comparison.proven().files == len(files)


@pytest.mark.parametrize("octets", [b"", b"on", b"one and more"])
def test_a_file_of_another_length_is_wrong_whatever_it_says(octets: bytes) -> None:
    comparison = noted(listed(FILES), FILES | {"srv/a": octets})
    assert told(comparison) == ("fail", "content-differs")


@pytest.mark.parametrize("octets", [b"o", b"one more"])
def test_a_source_that_ends_elsewhere_than_it_says_is_wrong(octets: bytes) -> None:
    comparison = Comparison(listed({"a": b"one"}))
    comparison.note("a", 3, source=BytesIO(octets))
    assert told(comparison) == ("fail", "content-differs")


def test_no_name_stands_in_the_detail() -> None:
    comparison = noted(listed({"jane-doe.pdf": b"1", "b": b"2"}), {"b": b"3", "john-doe.pdf": b"4"})
    assert "doe" not in repr(comparison.result())


@pytest.mark.parametrize("files", [{}, {"empty": b""}])
def test_nothing_to_compare_proves_nothing(files: dict[str, bytes]) -> None:
    assert told(noted(listed(files), files)) == ("error", "proved-nothing")


def test_another_name_of_a_proven_file_is_proven_too() -> None:
    comparison = noted(listed({"a": b"one", "b": b"one"}), {"a": b"one"})
    comparison.link("b", to="a")
    assert told(comparison) == ("pass", "")
    assert (comparison.files, comparison.bytes) == (2, 6)


@pytest.mark.parametrize(
    ("link", "to"),
    [("b", "gone"), ("b", "wrong"), ("b", "other"), ("nobody knows", "a")],
    ids=["of nothing", "of a file that is wrong", "of another file", "that is not listed"],
)
def test_another_name_of_anything_else_is_wrong(link: str, to: str) -> None:
    files = {"a": b"one", "b": b"one", "other": b"two", "wrong": b"one"}
    comparison = noted(listed(files), {"a": b"one", "other": b"two", "wrong": b"0ne"})
    comparison.link(link, to=to)
    assert told(comparison) == ("fail", "content-differs")
    assert not comparison.has_met(comparison.expected.at("b")[0])


def alike(*contents: bytes) -> Expected:
    taken = Listed()
    for each in contents:
        taken.take(content("M\ufffdller", each))
    return taken.whole()


@given(st.lists(st.sampled_from([b"one", b"two", b"three"]), min_size=1, max_size=5), st.data())
def test_files_whose_names_look_alike_are_each_found(
    contents: list[bytes], data: st.DataObject
) -> None:
    comparison = Comparison(alike(*contents))
    names = [os.fsdecode(b"M" + bytes((0xE0 + at,)) + b"ller") for at in range(len(contents))]
    for name, octets in zip(names, data.draw(st.permutations(contents)), strict=True):
        comparison.note(name, len(octets), source=BytesIO(octets))
    assert told(comparison) == ("pass", "")


def test_of_names_that_look_alike_a_wrong_one_is_still_wrong() -> None:
    comparison = Comparison(alike(b"one", b"two"))
    for octets in (b"one", b"tvo"):
        comparison.note("M\ufffdller", 3, source=BytesIO(octets))
    assert told(comparison) == ("fail", "content-differs")
    again = Comparison(alike(b"one", b"two"))
    for octets in (b"one", b"one"):
        again.note("M\ufffdller", 3, source=BytesIO(octets))
    assert again.result().verdict == "fail"


def test_a_folder_is_compared_file_by_file_and_links_are_no_files(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    (tmp_path / "link").symlink_to("srv/a")
    (tmp_path / "folder link").symlink_to("srv")
    os.mkfifo(tmp_path / "pipe")
    comparison = compared(listed(FILES, pieces=2), tmp_path)
    assert told(comparison) == ("pass", "")
    (tmp_path / "srv" / "more").touch()
    assert told(compared(listed(FILES), tmp_path)) == ("fail", "content-unexpected")
    (tmp_path / "srv" / "a").unlink()
    assert told(compared(listed(FILES), tmp_path)) == ("fail", "content-missing")
    (tmp_path / "srv" / "b" / "c").write_bytes(b"an other")
    assert told(compared(listed(FILES), tmp_path)) == ("fail", "content-differs")


def test_names_that_are_no_utf_8_are_compared_on_disk(tmp_path: Path) -> None:
    for name, octets in ((b"M\xfcller", b"one"), (b"M\xf6ller", b"two")):
        (tmp_path / os.fsdecode(name)).write_bytes(octets)
    assert told(compared(alike(b"two", b"one"), tmp_path)) == ("pass", "")


def test_a_file_that_cannot_be_read_is_wrong(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)
    (tmp_path / "srv" / "a").unlink()
    comparison = Comparison(listed(FILES))

    def swap() -> bool:
        """Put a folder in the place of a file, once the names are known."""
        file = tmp_path / "srv" / "b" / "c"
        if file.is_file():
            file.unlink()
            file.mkdir()
        return False

    compare_folder(tmp_path, comparison, is_cancelled=swap)
    assert comparison.wrong == 1
    assert told(comparison) == ("fail", "content-differs")


def test_many_files_are_compared_and_none_is_left_out(tmp_path: Path) -> None:
    files = {f"{number % 7}/{number}.txt": b"%d" % number for number in range(1, 2_000)}
    write_files(tmp_path, files)
    comparison = compared(listed(files), tmp_path)
    assert told(comparison) == ("pass", "")
    assert comparison.proven().files == len(files)
    (tmp_path / "3" / "1508.txt").write_bytes(b"1509")
    assert compared(listed(files), tmp_path).wrong == 1


@pytest.mark.parametrize("after", [0, 1, 300])
def test_comparing_ends_soon_after_it_is_cancelled(tmp_path: Path, after: int) -> None:
    files = {f"{number}.txt": b"%d" % number for number in range(600)}
    write_files(tmp_path, files)
    comparison = Comparison(listed(files))
    compare_folder(tmp_path, comparison, is_cancelled=lambda: comparison.files >= after)
    assert comparison.files == after
    assert not comparison.is_complete
    assert [*comparison.missed()] == [], "what was not compared is not known to be lost"


def test_an_interrupt_ends_comparing_and_its_threads(tmp_path: Path) -> None:
    write_files(tmp_path, FILES)

    def interrupt() -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare_folder(tmp_path, Comparison(listed(FILES)), is_cancelled=interrupt)
