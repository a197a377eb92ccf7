from __future__ import annotations

import os
import wave
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ccir.checks import content
from ccir.checks.content import MEMBER, ContentArguments
from ccir.checks.interface import CheckKit, Tree
from ccir.domain.outcomes import CheckResult
from ccir.entropy import SeededEntropy
from support.benches import CheckBench
from support.checks import kit_of, told
from support.unprivileged import open_folder, without_privileges

FILES = 100
PERSON = "jane-doe"


@pytest.fixture
def member(tmp_path_factory: pytest.TempPathFactory) -> CheckBench:
    good = tmp_path_factory.mktemp("good")
    bad = tmp_path_factory.mktemp("bad")
    for folder in (good, bad):
        write_files(folder)
    encrypt(bad, share=0.6)
    return CheckBench(
        name="content",
        check=MEMBER,
        good=good,
        bad=bad,
        arguments={"minimum_files": FILES},
        toothless=({"minimum_files": 0}, {"maximum_mismatch_share": 1.0}),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_files(tmp_path)
    return tmp_path


def write_files(folder: Path) -> None:
    """Write recordings, whose content looks like noise, and texts."""
    noise = SeededEntropy(1).octets(8_000)
    for number in range(FILES // 2):
        with wave.open(str(folder / f"call-{number}.wav"), "wb") as file:
            file.setparams((1, 1, 8_000, 0, "NONE", "not compressed"))
            file.writeframes(noise)
        text = f"id,name\n{number},{PERSON}\n" * 50
        (folder / f"export-{number}.csv").write_text(text, encoding="utf-8")


def encrypt(folder: Path, *, share: float) -> None:
    """Overwrite a share of the files as ransomware does, sizes and times kept."""
    files = sorted(folder.iterdir())
    for number, path in enumerate(files[:: round(1 / min(share, 1))] if share < 0.5 else files):
        if share >= 0.5 and number >= share * len(files):
            return
        times = path.stat().st_mtime_ns
        path.write_bytes(SeededEntropy(number).octets(path.stat().st_size))
        os.utime(path, ns=(times, times))


def judged(folder: Path, kit: CheckKit | None = None, **more: Any) -> CheckResult:  # noqa: ANN401 - the fields of ContentArguments
    return MEMBER.run(folder, ContentArguments(**more), kit or kit_of())


def test_files_that_look_like_their_names_pass(folder: Path) -> None:
    result = judged(folder)
    assert told(result) == ("pass", "")
    assert result.detail == f"0 of {FILES} files (0.0%) do not look like what their names say"


def test_files_encrypted_in_place_fail_and_only_counts_are_told(folder: Path) -> None:
    encrypt(folder, share=0.6)
    result = judged(folder)
    assert told(result) == ("fail", "content-mismatch")
    assert "60 of 100 files (60.0%)" in result.detail
    assert "2.0% are allowed: 50 wav, 10 csv" in result.detail
    assert PERSON not in repr(result)
    assert "call-" not in repr(result)


def test_the_tolerance_is_kept_to_the_file(folder: Path) -> None:
    for name in ("call-1.wav", "call-2.wav"):
        (folder / name).write_bytes(b"\0" * 100)
    assert told(judged(folder)) == ("pass", "")
    (folder / "call-3.wav").write_bytes(b"\0" * 100)
    assert told(judged(folder)) == ("fail", "content-mismatch")
    assert told(judged(folder, maximum_mismatch_share=0.03)) == ("pass", "")


def test_files_renamed_by_ransomware_are_judged_by_what_they_were(folder: Path) -> None:
    encrypt(folder, share=0.6)
    for path in [*folder.iterdir()]:
        path.rename(path.with_name(path.name + ".locked"))
    assert told(judged(folder)) == ("fail", "content-mismatch")


def test_too_few_files_of_known_types_fail(folder: Path) -> None:
    assert told(judged(folder, minimum_files=FILES)) == ("pass", "")
    (folder / "call-0.wav").rename(folder / "call-0.xyz")
    assert told(judged(folder, minimum_files=FILES)) == ("fail", "below-floor")


def test_an_empty_folder_and_empty_files_fail(tmp_path: Path) -> None:
    assert told(judged(tmp_path)) == ("fail", "below-floor")
    (tmp_path / "empty.txt").touch()
    assert told(judged(tmp_path)) == ("fail", "below-floor")
    (tmp_path / "empty.pdf").touch()
    assert told(judged(tmp_path)) == ("fail", "content-mismatch")


@pytest.mark.parametrize(
    "arguments", [{"minimum_files": 0}, {"minimum_files": -1}, {"maximum_mismatch_share": 1}]
)
def test_no_floor_asserts_nothing(folder: Path, arguments: dict[str, Any]) -> None:
    assert told(judged(folder, **arguments)) == ("error", "no-floor")


def test_a_negative_tolerance_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"maximum_mismatch_share": -0.1}, ContentArguments)


def test_links_are_not_followed(folder: Path) -> None:
    (folder / "z.pdf").symlink_to("/etc/passwd")
    assert told(judged(folder, maximum_mismatch_share=0.0)) == ("pass", "")


def test_no_more_files_are_read_than_bound(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "_MOST_FILES", 10)
    assert "0 of 10 files" in judged(folder).detail


def test_without_time_or_once_cancelled_there_is_no_verdict(folder: Path) -> None:
    assert told(judged(folder, kit_of(deadline_seconds=-1.0))) == ("error", "timed-out")
    assert told(judged(folder, kit_of(is_cancelled=lambda: True))) == ("error", "cancelled")


def test_a_file_that_cannot_be_read_is_no_verdict() -> None:
    with open_folder() as folder:
        (folder / "a.txt").write_text("text", encoding="utf-8")
        (folder / "a.txt").chmod(0)
        with without_privileges(folder):
            assert told(judged(folder)) == ("error", "unreadable")


def test_of_a_sample_no_more_than_one_file_is_asked_for(folder: Path, tmp_path: Path) -> None:
    more = ContentArguments(minimum_files=10 * FILES)
    whole = Tree(files=10 * FILES, bytes=1)
    assert told(MEMBER.run(folder, more, kit_of())) == ("fail", "below-floor")
    assert told(MEMBER.run(folder, more, kit_of(whole=whole))) == ("pass", "")
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    assert told(MEMBER.run(nothing, more, kit_of(whole=whole))) == ("fail", "below-floor")
