from __future__ import annotations

import tarfile
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.backup.interface import BackupTool, Outcome, ToolKit
from ccir.backup.restic import MEMBER
from ccir.drilling.comparing import Comparison
from ccir.drilling.expected import Expected, Listed
from ccir.drilling.streaming import _compare, stream
from support.contents import listed
from support.damage import flip_bit
from support.odd_names import write_odd_files
from support.restic_answers import answering_restic
from support.restic_repository import FILES, TAKEN_AT, Repository, back_up, empty_repository
from support.restic_targets import kit, said, target_of, the_snapshot
from support.restic_versions import every_restic

HELD = {"srv/a": b"one", "srv/b": b"the other", "srv/empty": b""}


@pytest.fixture
def tool(restic_path: str) -> BackupTool:
    return MEMBER(kit(path=restic_path))


def expected_of(tool: BackupTool, repository: Repository) -> Expected:
    taken = Listed()
    tool.contents(target_of(repository), the_snapshot(repository), take=taken.take)
    return taken.whole()


def streamed(
    tool: BackupTool, repository: Repository, expected: Expected
) -> tuple[str, Comparison]:
    comparison = Comparison(expected)
    outcome: Outcome = stream(
        tool, target_of(repository), the_snapshot(repository), comparison=comparison
    )
    return said(outcome), comparison


@every_restic
def test_a_whole_snapshot_is_proven_without_a_file_on_disk(
    tool: BackupTool, healthy: Repository, tmp_path: Path
) -> None:
    verdict, comparison = streamed(tool, healthy, expected_of(tool, healthy))
    assert (verdict, comparison.result().verdict) == ("pass", "pass")
    assert comparison.proven().files == comparison.files == FILES
    assert [*tmp_path.iterdir()] == []


@every_restic
def test_odd_names_and_contents_are_proven(tool: BackupTool, tmp_path: Path) -> None:
    repository = empty_repository(tmp_path)
    write_odd_files(repository.source)
    back_up(repository, at=TAKEN_AT)
    verdict, comparison = streamed(tool, repository, expected_of(tool, repository))
    assert (verdict, comparison.result().verdict) == ("pass", "pass")
    assert comparison.wrong == comparison.unexpected == 0


@pytest.mark.parametrize("of", ["data", "tree"])
def test_over_a_damaged_pack_it_is_never_a_pass_whatever_restic_says(
    tool: BackupTool, repository: Repository, of: str
) -> None:
    expected = expected_of(tool, repository)
    flip_bit(repository.pack(of=of), at=200)
    verdict, comparison = streamed(tool, repository, expected)
    assert {verdict, comparison.result().verdict} != {"pass"}


def archive(
    files: Mapping[str, bytes], *links: tuple[str, str], form: int = tarfile.PAX_FORMAT
) -> bytes:
    """Return a tar archive of the files, a folder and a link, and of these hard links."""
    octets = BytesIO()
    with tarfile.open(fileobj=octets, mode="w", format=form) as tar:
        folder = tarfile.TarInfo("srv")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        symlink = tarfile.TarInfo("srv/link")
        symlink.type, symlink.linkname = tarfile.SYMTYPE, "a"
        tar.addfile(symlink)
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            tar.addfile(member, BytesIO(content))
        for path, to in links:
            member = tarfile.TarInfo(path)
            member.type, member.linkname = tarfile.LNKTYPE, to
            tar.addfile(member)
    return octets.getvalue()


def dumping(folder: Path, octets: bytes, *, exit_code: int = 0) -> BackupTool:
    """Return a tool whose restic dumps these bytes."""
    file = folder / "dumped"
    file.write_bytes(octets)
    answers = {"dump": f"cat {file}; exit {exit_code}"}
    return MEMBER(_with_path(answering_restic(folder / "bin", answers)))


def _with_path(environment: dict[str, str]) -> ToolKit:
    return msgspec.structs.replace(kit(), environment=environment)


def told(comparison: Comparison) -> tuple[str, str]:
    result = comparison.result()
    return result.verdict, result.reason


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("lead", ["", "/"])
def test_members_are_found_by_their_path_and_a_second_name_counts(
    healthy: Repository, tmp_path: Path, *, lead: str, form: int
) -> None:
    long = f"srv/{'x' * 180}/y"
    files = {**HELD, long: b"long"}
    octets = archive(
        {lead + path: each for path, each in files.items()},
        (f"{lead}srv/again", f"{lead}srv/b"),
        form=form,
    )
    expected = listed({**files, "srv/again": files["srv/b"]})
    verdict, comparison = streamed(dumping(tmp_path, octets), healthy, expected)
    assert (verdict, told(comparison)) == ("pass", ("pass", ""))


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({**HELD, "srv/b": b"the 0ther"}, "content-differs"),
        ({"srv/a": b"one"}, "content-missing"),
        ({**HELD, "srv/more": b""}, "content-unexpected"),
    ],
)
def test_a_stream_of_other_files_is_a_fail(
    healthy: Repository, tmp_path: Path, *, files: dict[str, bytes], reason: str
) -> None:
    tool = dumping(tmp_path, archive(files))
    verdict, comparison = streamed(tool, healthy, listed(HELD))
    assert (verdict, told(comparison)) == ("pass", ("fail", reason))


@pytest.mark.parametrize(
    "octets", [b"", b"garbage\n" * 200, archive(HELD)[:700], archive(HELD)[:2_600]]
)
def test_what_is_no_archive_or_half_of_one_is_no_pass(
    healthy: Repository, tmp_path: Path, octets: bytes
) -> None:
    verdict, comparison = streamed(dumping(tmp_path, octets), healthy, listed(HELD))
    assert verdict == "error unrecognised-output" or told(comparison)[0] == "fail"


def test_what_restic_says_comes_before_what_the_stream_is(
    healthy: Repository, tmp_path: Path
) -> None:
    tool = dumping(tmp_path, b"garbage\n" * 200, exit_code=3)
    verdict, _comparison = streamed(tool, healthy, listed(HELD))
    assert verdict == "error unrecognised-output"
    quiet = dumping(tmp_path, b"", exit_code=12)
    assert streamed(quiet, healthy, listed(HELD))[0] == "error wrong-password"


PLAIN = archive({**HELD, f"srv/{'é' * 90}/y": b"long"}, ("srv/c", "srv/b"))


@given(st.lists(st.tuples(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=3))))
def test_whatever_a_stream_holds_is_an_answer_and_no_crash(
    edits: list[tuple[int, bytes]],
) -> None:
    octets = bytearray(PLAIN)
    for at, new in edits:
        octets[at : at + len(new)] = new
    comparison = Comparison(listed(HELD))
    with suppress(tarfile.TarError, EOFError):
        _compare(BytesIO(bytes(octets)), comparison)


def test_a_member_of_absurd_size_is_not_looked_for_for_ever() -> None:
    octets = bytearray(archive({"srv/unlisted": b"x" * 600}))
    at = octets.index(b"srv/unlisted")
    octets[at + 124 : at + 136] = b"\x80" + bytes(2) + b"\xff" * 9
    octets[at + 148 : at + 156] = b" " * 8
    octets[at + 148 : at + 156] = b"%06o\0 " % sum(octets[at : at + 512])
    with pytest.raises(EOFError):
        _compare(BytesIO(bytes(octets)), Comparison(listed(HELD)))
