from __future__ import annotations

from hashlib import shake_256
from pathlib import Path

import msgspec
import pytest

from ccir.backup.held_interface import FileContent
from ccir.backup.interface import ToolKit
from ccir.backup.restic_contents import contents
from ccir.backup.restic_index import blob_lengths
from ccir.clock import SystemClock
from support.odd_names import BIG_BYTES
from support.restic_answers import answering_restic, calls_of
from support.restic_repository import (
    PASSWORD,
    TAKEN_AT,
    Repository,
    back_up,
    empty_repository,
    make_key_cheap,
    restic,
)
from support.restic_targets import AMPLE, SHORT, kit, only_file, said, target_of, the_snapshot

UNKNOWN = bytes(32)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository of one file of several blobs, and so with one file of index."""
    repository = empty_repository(tmp_path_factory.mktemp("big"))
    write_big(repository.source)
    back_up(repository, at=TAKEN_AT)
    return repository


def write_big(folder: Path) -> None:
    folder.mkdir()
    (folder / "big.wav").write_bytes(shake_256(b"big").digest(BIG_BYTES))


def caching_kit(bin_: Path, cache: Path) -> ToolKit:
    return ToolKit(
        clock=SystemClock(),
        environment=answering_restic(bin_, {}),
        deadlines=AMPLE,
        cache=cache,
    )


def asked(kit: ToolKit, repository: Repository) -> tuple[str, list[FileContent]]:
    found: list[FileContent] = []
    snapshot = the_snapshot(repository)
    outcome = contents(kit, target_of(repository), snapshot=snapshot, take=found.append)
    return said(outcome), found


def reads(bin_: Path) -> int:
    """Return how often a file of the index was read from the repository."""
    return sum(" cat index " in f"{call} " for call in calls_of(bin_))


def test_nothing_is_asked_for_no_blob(healthy: Repository, tmp_path: Path) -> None:
    outcome, lengths = blob_lengths(
        caching_kit(tmp_path / "bin", tmp_path / "cache"), target_of(healthy), set()
    )
    assert (said(outcome), lengths, calls_of(tmp_path / "bin")) == ("pass", {}, [])


def test_blobs_that_no_index_knows_are_left_out(big: Repository) -> None:
    outcome, lengths = blob_lengths(kit(), target_of(big), {UNKNOWN})
    assert (said(outcome), lengths) == ("pass", {})


@pytest.mark.parametrize("version", ["1", "2"])
def test_lengths_are_those_of_the_plain_bytes_in_either_format(
    tmp_path: Path, version: str
) -> None:
    made = empty_repository(tmp_path)
    again = msgspec.structs.replace(made, folder=tmp_path / "again")
    restic(again, "init", "--repository-version", version)
    make_key_cheap(again.folder, password=PASSWORD)
    write_big(again.source)
    back_up(again, at=TAKEN_AT)
    verdict, (found,) = asked(kit(), again)
    assert verdict == "pass"
    assert len(found.chunks) > 1
    assert found.size == BIG_BYTES


def test_all_files_of_the_index_are_read_until_every_blob_is_known(
    big: Repository, tmp_path: Path
) -> None:
    repository = big.copied(tmp_path / "repository")
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "more").write_bytes(b"%d" % number)
        back_up(msgspec.structs.replace(repository, source=folder), at=TAKEN_AT)
    first = msgspec.structs.replace(the_snapshot(big))
    own_kit = caching_kit(tmp_path / "bin", tmp_path / "cache")
    found: list[FileContent] = []
    outcome = contents(own_kit, target_of(repository), snapshot=first, take=found.append)
    assert (said(outcome), len(found)) == ("pass", 1)
    assert 1 <= reads(tmp_path / "bin") <= 4
    assert len([*(tmp_path / "cache" / "index").iterdir()]) == reads(tmp_path / "bin")


def test_what_an_index_says_is_kept_for_the_next_time(big: Repository, tmp_path: Path) -> None:
    own_kit = caching_kit(tmp_path / "bin", tmp_path / "state" / "cache")
    first = asked(own_kit, big)
    assert reads(tmp_path / "bin") == 1
    assert asked(own_kit, big) == first
    assert reads(tmp_path / "bin") == 1
    assert (tmp_path / "state" / "cache" / "index").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "damage",
    [
        lambda octets: octets[:0],
        lambda octets: octets[:20],
        lambda octets: octets[:-1],
        lambda octets: octets[:-36],
        lambda octets: octets + bytes(36),
        lambda octets: bytes((octets[0] ^ 1,)) + octets[1:],
        lambda octets: octets[:-1] + bytes((octets[-1] ^ 1,)),
    ],
    ids=["empty", "no whole digest", "cut", "an entry less", "an entry more", "digest", "length"],
)
def test_a_damaged_cache_is_read_again_and_mended(
    big: Repository, tmp_path: Path, damage: object
) -> None:
    assert callable(damage)
    own_kit = caching_kit(tmp_path / "bin", tmp_path / "cache")
    first = asked(own_kit, big)
    kept = only_file(tmp_path / "cache" / "index")
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    assert asked(own_kit, big) == first
    assert first[0] == "pass"
    assert kept.read_bytes() == whole


def test_a_cache_that_cannot_be_written_or_read_only_costs_time(
    big: Repository, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    own_kit = caching_kit(tmp_path / "bin", in_the_way / "cache")
    assert asked(own_kit, big)[0] == "pass"
    assert asked(own_kit, big)[0] == "pass"
    cache = tmp_path / "cache"
    (cache / "index" / only_file(big.folder / "index").name).mkdir(parents=True)
    assert asked(caching_kit(tmp_path / "bin", cache), big)[0] == "pass"


def test_an_index_that_is_damaged_is_a_fail(big: Repository, tmp_path: Path) -> None:
    repository = big.copied(tmp_path / "repository")
    index = only_file(repository.folder / "index")
    octets = bytearray(index.read_bytes())
    octets[40] ^= 1
    index.chmod(0o600)
    index.write_bytes(bytes(octets))
    outcome, lengths = blob_lengths(kit(deadlines=SHORT), target_of(repository), {UNKNOWN})
    assert (said(outcome), lengths) == ("fail index-damaged", {})


@pytest.mark.parametrize(
    ("words", "script"),
    [
        ("list index", "printf '\\n\\nnot an id\\n'; exit 0"),
        ("list index", f"echo {'../' * 10}outside; exit 0"),
        ("cat index", "echo garbage; exit 0"),
        ("cat index", "echo '[]'; exit 0"),
        (
            "cat index",
            """echo '{"packs":[{"blobs":[{"id":"zz","type":"data","length":40}]}]}'; exit 0""",
        ),
        (
            "cat index",
            """echo '{"packs":[{"blobs":[{"id":"ab","type":"data","length":4}]}]}'; exit 0""",
        ),
    ],
)
def test_an_index_that_cannot_be_read_is_no_verdict_and_is_not_kept(
    big: Repository, tmp_path: Path, *, words: str, script: str
) -> None:
    own_kit = msgspec.structs.replace(
        caching_kit(tmp_path / "bin", tmp_path / "cache"),
        environment=answering_restic(tmp_path / "bin", {words: script}),
    )
    outcome, lengths = blob_lengths(own_kit, target_of(big), {UNKNOWN})
    assert (said(outcome), lengths) == ("error unrecognised-output", {})
    assert not (tmp_path / "cache").exists()
    assert [*tmp_path.iterdir()] == [tmp_path / "bin"]
