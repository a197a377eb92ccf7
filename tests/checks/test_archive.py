from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ccir.checks import archive_members
from ccir.checks.archive import MEMBER, ArchiveArguments
from ccir.checks.interface import CheckKit
from ccir.domain.outcomes import CheckResult
from support.archives import FILES, KINDS, SUMS, archive, tarred, with_sums, zipped
from support.benches import CheckBench
from support.checks import kit_of, told

NAME = "backup.bin"
BYTES = sum(map(len, FILES.values()))
TAR_BLOCK = 512


@pytest.fixture
def member(tmp_path_factory: pytest.TempPathFactory) -> CheckBench:
    good = tmp_path_factory.mktemp("good")
    bad = tmp_path_factory.mktemp("bad")
    octets = archive("tar.gz")
    (good / "crm.tar.gz").write_bytes(octets)
    (bad / "crm.tar.gz").write_bytes(octets[:-3])
    return CheckBench(
        name="archive",
        check=MEMBER,
        good=good,
        bad=bad,
        arguments={"path": "*.tar.gz", "minimum_members": 3},
        toothless=(
            {"path": "*.tar.gz", "minimum_members": 0},
            {"path": "*.tar.gz", "minimum_bytes": -1},
        ),
    )


class Bench:
    """Judges one archive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self,
        octets: bytes,
        *,
        kit: CheckKit | None = None,
        **more: Any,  # noqa: ANN401 - the fields of ArchiveArguments
    ) -> CheckResult:
        (self.folder / NAME).write_bytes(octets)
        result = MEMBER.run(self.folder, ArchiveArguments(path=NAME, **more), kit or kit_of())
        assert not [name for name in FILES if name in repr(result)]
        return result


@pytest.fixture
def judged(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def flipped(octets: bytes, at: int) -> bytes:
    return octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_archive_passes_whatever_its_name(judged: Bench, kind: str) -> None:
    result = judged(archive(kind), minimum_members=3, minimum_bytes=BYTES)
    assert told(result) == ("pass", "")
    assert result.detail == f"{NAME}: 3 members, {BYTES} bytes, all read to the end"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("floor", [{"minimum_members": 4}, {"minimum_bytes": BYTES + 1}])
def test_an_archive_below_a_floor_fails(judged: Bench, kind: str, floor: dict[str, Any]) -> None:
    assert told(judged(archive(kind), **floor)) == ("fail", "below-floor")


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_without_members_fails(judged: Bench, kind: str) -> None:
    assert told(judged(archive(kind, {}))) == ("fail", "below-floor")
    assert told(judged(archive(kind, {"empty": b""}))) == ("fail", "below-floor")


# --------------------------------------------------------------------------------------- damage


@pytest.mark.parametrize("kind", ["tar.gz", "tar.bz2", "tar.xz", "zip"])
def test_one_changed_bit_in_what_is_packed_is_found(judged: Bench, kind: str) -> None:
    octets = archive(kind)
    for at in range(100, 30_000, 997):
        assert judged(flipped(octets, at)).verdict == "fail", at


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_anywhere_is_found(judged: Bench, kind: str) -> None:
    octets = archive(kind)
    ends = (1, 2, 7, 300, TAR_BLOCK, 10_240, len(octets) // 2, len(octets) - 3)
    kept = [octets[: len(octets) - end] for end in ends if end < len(octets) or kind != "tar"]
    enough = [octets for octets in kept if not _is_still_whole(octets, kind)]
    assert len(enough) > 2
    for cut in enough:
        assert judged(cut).verdict == "fail", len(cut)


def _is_still_whole(octets: bytes, kind: str) -> bool:
    """Of a plain tar the padding behind its end can be missing."""
    return kind == "tar" and octets.endswith(b"\0" * 2 * TAR_BLOCK)


def test_a_tar_cut_between_two_members_is_found(judged: Bench) -> None:
    octets = tarred(FILES)
    with tarfile.open(fileobj=io.BytesIO(octets)) as opened:
        begins = [info.offset for info in opened]
    for begin in begins[1:]:
        assert told(judged(octets[:begin])) == ("fail", "archive-damaged")


def test_a_changed_bit_in_a_later_header_of_a_tar_is_found(judged: Bench) -> None:
    octets = tarred(FILES)
    with tarfile.open(fileobj=io.BytesIO(octets)) as opened:
        last = opened.getmembers()[-1].offset
    result = judged(flipped(octets, last + 2))
    assert told(result) == ("fail", "archive-damaged")


def test_what_follows_a_tars_end_must_be_empty(judged: Bench) -> None:
    octets = tarred(FILES)
    assert told(judged(octets + b"\0" * 600_000)) == ("pass", "")
    assert told(judged(octets + octets)) == ("fail", "archive-damaged")


def test_an_empty_file_and_other_files_fail(judged: Bench) -> None:
    assert told(judged(b"")) == ("fail", "empty-file")
    for octets in (b"text\n" * 500, b"PK\x03\x04", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\0", b"\0" * 9):
        assert judged(octets).verdict == "fail", octets


def test_zeros_alone_are_an_archive_of_nothing(judged: Bench) -> None:
    assert told(judged(b"\0" * 10_240)) == ("fail", "below-floor")


@pytest.mark.parametrize("kind", ["tar.gz", "tar.bz2", "tar.xz"])
def test_an_archive_packed_in_several_pieces_is_one(judged: Bench, kind: str) -> None:
    octets = tarred(FILES)
    pack = dict(zip(("tar.gz", "tar.bz2", "tar.xz"), _packers(), strict=True))[kind]
    assert told(judged(pack(octets[:9_000]) + pack(octets[9_000:]), minimum_members=3)) == (
        "pass",
        "",
    )


def _packers() -> tuple[Any, ...]:
    import bz2
    import gzip
    import lzma

    return gzip.compress, bz2.compress, lzma.compress


# ----------------------------------------------------------------------------------------- sums


@pytest.mark.parametrize("kind", KINDS)
def test_members_as_listed_pass(judged: Bench, kind: str) -> None:
    result = judged(archive(kind, with_sums()), sums=SUMS)
    assert told(result) == ("pass", "")
    assert result.detail.endswith(f"all as {SUMS} lists them")


def test_sums_find_a_changed_bit_that_a_plain_tar_hides(judged: Bench) -> None:
    octets = tarred(with_sums())
    damaged = flipped(octets, octets.index(FILES["calls/one.wav"]) + 100)
    assert told(judged(damaged)) == ("pass", "")
    assert told(judged(damaged, sums=SUMS)) == ("fail", "sums-mismatch")


def _changed(**changes: bytes | None) -> dict[str, bytes]:
    names = {"listing": SUMS, "notes": "notes.txt", "extra": "extra.txt"}
    files: dict[str, bytes | None] = {**with_sums()}
    files |= {names[name]: octets for name, octets in changes.items()}
    return {name: octets for name, octets in files.items() if octets is not None}


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (_changed(notes=b"changed"), "sums-mismatch"),
        (_changed(notes=None), "sums-mismatch"),
        (_changed(extra=b"x"), "not-listed"),
        (_changed(listing=b""), "sums-empty"),
        (_changed(listing=b"\n"), "sums-empty"),
        (_changed(listing=b"no digest\n"), "sums-mismatch"),
        (_changed(listing=None), "sums-missing"),
    ],
)
def test_members_that_are_not_as_listed_fail(
    judged: Bench, files: Mapping[str, bytes], reason: str
) -> None:
    assert told(judged(zipped(files), sums=SUMS)) == ("fail", reason)


def test_names_are_relative_to_the_lists_folder(judged: Bench) -> None:
    files = {f"export/{name}": octets for name, octets in with_sums().items()}
    assert told(judged(tarred(files), sums=f"./export/{SUMS}")) == ("pass", "")


def test_two_members_of_one_name_fail(judged: Bench) -> None:
    octets = tarred(with_sums())
    end = octets.rstrip(b"\0")
    whole_blocks = -(-len(end) // TAR_BLOCK) * TAR_BLOCK
    twice = octets[:whole_blocks] + tarred({"notes.txt": b"other"})
    assert told(judged(twice, sums=SUMS)) == ("fail", "archive-damaged")


# ---------------------------------------------------------------------------------------- bounds


@pytest.mark.parametrize("kind", ["tar.gz", "tar.bz2", "tar.xz", "zip"])
def test_a_bomb_is_no_verdict(judged: Bench, kind: str) -> None:
    octets = archive(kind, {"zeros": b"\0" * 8_000_000})
    assert told(judged(octets)) == ("error", "too-large")
    assert told(judged(octets, maximum_ratio=1_000_000)) == ("pass", "")
    bounded = judged(octets, maximum_ratio=1_000_000, maximum_bytes=7_999_999)
    assert told(bounded) == ("error", "too-large")


def test_a_header_that_does_not_fit_into_memory_is_no_verdict(judged: Bench) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 40_000_000
    octets = info.tobuf(tarfile.USTAR_FORMAT) + b"9" * 40_000_000
    assert told(judged(octets)) == ("error", "too-large")


def test_too_many_members_are_no_verdict(judged: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_members, "_MOST_MEMBERS", 2)
    assert told(judged(archive("zip"))) == ("error", "too-large")


def test_without_memory_there_is_no_verdict(judged: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_memory(*_words: object, **_more: object) -> None:
        raise MemoryError

    octets = archive("tar")
    monkeypatch.setattr(tarfile, "open", out_of_memory)
    assert told(judged(octets)) == ("error", "too-large")


def test_encrypted_and_strangely_packed_members_are_no_verdict(judged: Bench) -> None:
    octets = zipped({"a": b"text"})
    central = octets.rindex(b"PK\x01\x02")
    encrypted = bytearray(octets)
    encrypted[central + 8] |= 1
    assert told(judged(bytes(encrypted))) == ("error", "encrypted")
    strange = bytearray(octets)
    strange[central + 10] = 97
    assert told(judged(bytes(strange))) == ("error", "not-supported")


@pytest.mark.parametrize("kind", KINDS)
def test_without_time_or_once_cancelled_there_is_no_verdict(judged: Bench, kind: str) -> None:
    late, off = kit_of(deadline_seconds=-1.0), kit_of(is_cancelled=lambda: True)
    assert told(judged(archive(kind), kit=late)) == ("error", "timed-out")
    assert told(judged(archive(kind), kit=off)) == ("error", "cancelled")


@pytest.mark.parametrize("floor", [{"minimum_members": 0}, {"minimum_bytes": 0}])
def test_a_floor_below_one_asserts_nothing(judged: Bench, floor: dict[str, Any]) -> None:
    assert told(judged(archive("zip"), **floor)) == ("error", "no-floor")


@pytest.mark.parametrize("more", [{"sums": ""}, {"maximum_bytes": 0}, {"maximum_ratio": 0}])
def test_arguments_that_make_no_sense_are_refused(more: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"path": "a", **more}, ArchiveArguments)
