from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ccir.checks.interface import CheckKit, Tree
from ccir.checks.manifest import MEMBER, ManifestArguments
from ccir.domain.manifest_names import name_of
from ccir.domain.outcomes import CheckResult
from ccir.sums import write_line
from support.benches import CheckBench
from support.checks import kit_of, told
from support.damage import flip_bit
from support.unprivileged import open_folder, without_privileges

TAKEN_AT = dt.datetime(2026, 11, 24, 22, 18, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
PERSON = "jane-doe"
FILES = {
    f"srv/crm/{PERSON}.wav": b"recording",
    "srv/crm/a/two words": b"two",
    "srv/crm/a/line\nend": b"three",
    "srv/crm/empty": b"",
}


@pytest.fixture
def member(tmp_path_factory: pytest.TempPathFactory) -> CheckBench:
    good = tmp_path_factory.mktemp("good")
    bad = tmp_path_factory.mktemp("bad")
    manifests = tmp_path_factory.mktemp("manifests")
    for folder in (good, bad):
        restore(folder)
    flip_bit(bad / "srv/crm/a/two words", 1)
    write(manifests)
    return CheckBench(
        name="manifest",
        check=MEMBER,
        good=good,
        bad=bad,
        arguments={},
        toothless=({"maximum_changed": len(FILES)}, {"maximum_age": "0h"}),
        kit={"taken_at": TAKEN_AT, "manifests": manifests, "target": "crm"},
    )


def restore(folder: Path, files: Mapping[str, bytes] = FILES, *, without: str = "") -> None:
    for name, octets in files.items():
        path = folder / name.removeprefix(without)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)


def write(folder: Path, files: Mapping[str, bytes] = FILES, *, before: dt.timedelta = HOUR) -> Path:
    """Write the manifest of these files, so long before the snapshot is made."""
    lines = [
        write_line(name, sha256=hashlib.sha256(octets).hexdigest())
        for name, octets in files.items()
    ]
    path = folder / name_of(TAKEN_AT - before)
    path.write_bytes(b"".join(lines))
    return path


class Bench(msgspec.Struct, frozen=True, kw_only=True):
    """A restored folder and a folder of manifests, both empty at first."""

    restored: Path
    manifests: Path

    def __call__(self, kit: CheckKit | None = None, **more: Any) -> CheckResult:  # noqa: ANN401 - the fields of ManifestArguments
        usual = kit_of(taken_at=TAKEN_AT, manifests=self.manifests)
        result = MEMBER.run(self.restored, ManifestArguments(**more), kit or usual)
        assert PERSON not in repr(result)
        assert "srv" not in repr(result)
        return result


@pytest.fixture
def judged(tmp_path: Path) -> Bench:
    (tmp_path / "restored").mkdir()
    (tmp_path / "manifests").mkdir()
    return Bench(restored=tmp_path / "restored", manifests=tmp_path / "manifests")


def test_what_was_there_at_backup_time_passes(judged: Bench) -> None:
    restore(judged.restored)
    write(judged.manifests)
    result = judged()
    assert told(result) == ("pass", "")
    assert result.detail == (
        "4 of 4 listed files are alike, 0 differ, 0 are missing, 0 are not listed; "
        "the manifest was taken 1 h 00 min before the snapshot"
    )


def test_one_changed_byte_and_one_missing_file_fail(judged: Bench) -> None:
    restore(judged.restored)
    write(judged.manifests)
    (judged.restored / "srv/crm/empty").unlink()
    result = judged()
    assert told(result) == ("fail", "manifest-missing-files")
    assert "0 differ, 1 are missing" in result.detail
    flip_bit(judged.restored / f"srv/crm/{PERSON}.wav", 0)
    result = judged()
    assert told(result) == ("fail", "manifest-changed")
    assert "2 of 4 listed files are alike, 1 differ, 1 are missing" in result.detail
    assert told(judged(maximum_changed=1)) == ("fail", "manifest-changed")
    assert told(judged(maximum_changed=2)) == ("pass", "")


def test_files_that_are_not_listed_are_counted_and_fail_nothing(judged: Bench) -> None:
    restore(judged.restored, {**FILES, "srv/crm/new": b"x"})
    write(judged.manifests)
    result = judged()
    assert told(result) == ("pass", "")
    assert "1 are not listed" in result.detail


def test_nothing_restored_fails(judged: Bench) -> None:
    write(judged.manifests)
    result = judged()
    assert told(result) == ("fail", "manifest-missing-files")
    assert "4 are missing" in result.detail


def test_a_link_to_the_live_data_proves_nothing(judged: Bench, tmp_path: Path) -> None:
    restore(tmp_path / "live")
    (judged.restored / "srv").symlink_to(tmp_path / "live" / "srv")
    write(judged.manifests)
    assert told(judged()) == ("fail", "manifest-missing-files")


@pytest.mark.parametrize("without", ["srv/", "srv/crm/"])
def test_leading_folders_that_the_snapshot_does_not_have_are_passed_over(
    judged: Bench, without: str
) -> None:
    restore(judged.restored, without=without)
    write(judged.manifests)
    assert told(judged()) == ("pass", "")
    flip_bit(judged.restored / f"srv/crm/{PERSON}.wav".removeprefix(without), 0)
    assert told(judged()) == ("fail", "manifest-changed")


def test_folders_that_are_not_shared_by_all_are_never_passed_over(judged: Bench) -> None:
    restore(judged.restored, {"two words": b"two"})
    write(judged.manifests)
    assert told(judged()) == ("fail", "manifest-missing-files")


def test_files_at_the_top_are_found(judged: Bench) -> None:
    files = {"a": b"1", "b": b"2"}
    restore(judged.restored, files)
    write(judged.manifests, files)
    assert told(judged()) == ("pass", "")


def test_paths_that_begin_with_a_slash_are_the_same(judged: Bench) -> None:
    restore(judged.restored)
    write(judged.manifests, {f"/{name}": octets for name, octets in FILES.items()})
    assert told(judged()) == ("pass", "")


# ---------------------------------------------------------------------------- which manifest


def test_the_newest_from_before_the_snapshot_counts(judged: Bench) -> None:
    restore(judged.restored)
    other = dict.fromkeys(FILES, b"other")
    write(judged.manifests, other, before=2 * HOUR)
    write(judged.manifests, before=dt.timedelta(minutes=-5))
    write(judged.manifests, other, before=dt.timedelta(minutes=-6))
    (judged.manifests / "notes.txt").write_text("none", encoding="utf-8")
    assert told(judged()) == ("pass", "")


def test_without_a_manifest_there_is_no_verdict_and_it_says_how_to_take_one(
    judged: Bench,
) -> None:
    restore(judged.restored)
    result = judged()
    assert told(result) == ("error", "no-manifest")
    assert "ccir backup manifest" in result.hint
    write(judged.manifests, before=-HOUR)
    assert told(judged()) == ("error", "no-manifest")
    for manifests in (None, judged.manifests / "gone"):
        kit = kit_of(taken_at=TAKEN_AT, manifests=manifests)
        assert told(judged(kit)) == ("error", "no-manifest")
        assert told(judged(kit, file="x")) == ("error", "no-manifest")


def test_an_old_manifest_is_no_verdict(judged: Bench) -> None:
    restore(judged.restored)
    write(judged.manifests, before=25 * HOUR)
    result = judged()
    assert told(result) == ("error", "manifest-old")
    assert "1 d 1 h 00 min before" in result.detail
    assert told(judged(maximum_age="25h")) == ("pass", "")


def test_a_manifest_can_be_named_and_its_name_or_its_files_time_counts(judged: Bench) -> None:
    restore(judged.restored)
    path = write(judged.manifests, before=2 * HOUR)
    write(judged.manifests, dict.fromkeys(FILES, b"other"))
    assert told(judged()) == ("fail", "manifest-changed")
    assert told(judged(file=path.name)) == ("pass", "")
    mine = path.rename(path.with_name("mine.sha256"))
    for hours, expected in (
        (1, ("pass", "")),
        (25, ("error", "manifest-old")),
        (-1, ("error", "manifest-future")),
    ):
        at = (TAKEN_AT - hours * HOUR).timestamp()
        os.utime(mine, (at, at))
        assert told(judged(file="mine.sha256")) == expected


@pytest.mark.parametrize("file", ["gone.sha256", "../x", "*.sha256"])
def test_a_name_that_is_not_one_manifests_is_no_verdict(judged: Bench, file: str) -> None:
    for before in (HOUR, 2 * HOUR):
        write(judged.manifests, before=before)
    assert told(judged(file=file)) == ("error", "no-manifest")


def test_a_manifest_that_asserts_nothing_is_no_verdict(judged: Bench) -> None:
    restore(judged.restored)
    write(judged.manifests, {})
    assert told(judged()) == ("error", "no-floor")
    write(judged.manifests)
    assert told(judged(maximum_changed=4)) == ("error", "no-floor")


def test_a_manifest_that_is_none_is_no_verdict(
    judged: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(judged.manifests)
    path.write_bytes(b"no digest\n")
    assert told(judged()) == ("error", "manifest-damaged")
    monkeypatch.setattr("ccir.checks.manifest_choice._MOST_BYTES", 5)
    assert told(judged()) == ("error", "too-large")


# ------------------------------------------------------------------------------------ bounds


def test_without_the_snapshots_time_there_is_no_verdict(judged: Bench) -> None:
    write(judged.manifests)
    assert told(judged(kit_of(manifests=judged.manifests))) == ("error", "no-snapshot-time")


def test_without_time_or_once_cancelled_there_is_no_verdict(judged: Bench) -> None:
    restore(judged.restored)
    write(judged.manifests)
    usual = {"taken_at": TAKEN_AT, "manifests": judged.manifests}
    assert told(judged(kit_of(**usual, deadline_seconds=-1.0))) == ("error", "timed-out")
    off = kit_of(**usual, is_cancelled=lambda: True)
    assert told(judged(off)) == ("error", "cancelled")


def test_a_file_that_cannot_be_read_is_no_verdict() -> None:
    with open_folder() as folder:
        judged = Bench(restored=folder / "restored", manifests=folder / "manifests")
        restore(judged.restored)
        judged.manifests.mkdir()
        write(judged.manifests)
        (judged.restored / f"srv/crm/{PERSON}.wav").chmod(0)
        with without_privileges(folder):
            assert told(judged()) == ("error", "unreadable")


def test_a_negative_tolerance_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"maximum_changed": -1}, ManifestArguments)


def test_of_a_sample_only_what_is_in_it_is_compared(judged: Bench) -> None:
    restore(judged.restored)
    write(judged.manifests)
    whole = Tree(files=len(FILES), bytes=sum(map(len, FILES.values())))
    kit = kit_of(taken_at=TAKEN_AT, manifests=judged.manifests, whole=whole)
    (judged.restored / "srv/crm/empty").unlink()
    assert told(judged(kit)) == ("pass", "")
    flip_bit(judged.restored / "srv/crm/a/two words", 1)
    assert told(judged(kit)) == ("fail", "manifest-changed")
    for file in [*judged.restored.rglob("*")]:
        if file.is_file():
            file.unlink()
    assert told(judged(kit)) == ("error", "proved-nothing")
