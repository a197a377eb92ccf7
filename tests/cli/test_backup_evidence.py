from __future__ import annotations

import datetime as dt
import signal
import subprocess
from pathlib import Path

import pytest

from ccir.domain.canary import parse
from support.centre import make_centre
from support.cli import NOW, Cli
from support.restic_repository import Repository
from support.unprivileged import open_folder, without_privileges


@pytest.fixture
def cli(tmp_path: Path, healthy: Repository) -> Cli:
    return make_centre(tmp_path / "centre", repository=healthy)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "jane-doe.wav").write_bytes(b"recording")
    return folder


def test_a_canary_is_written_without_a_workspace_and_its_nonce_is_told(tmp_path: Path) -> None:
    cli = Cli(tmp_path)
    found = cli.json("backup", "canary", "canary.json")
    written = parse((tmp_path / "canary.json").read_bytes())
    assert written is not None
    assert found == {
        "file": str(tmp_path / "canary.json"),
        "nonce": written.nonce,
        "written_at": f"{written.written_at:%Y-%m-%dT%H:%M:%S.%fZ}",
    }
    assert written.written_at - NOW < dt.timedelta(seconds=1)
    shown = cli("backup", "canary", "canary.json").out
    assert f"written to {tmp_path / 'canary.json'}" in shown
    assert written.short not in shown, "each one has a number of its own"


def test_only_a_canary_is_overwritten(cli: Cli, data: Path) -> None:
    file = data / "jane-doe.wav"
    assert "is no canary" in cli("backup", "canary", file, status=5).err
    assert file.read_bytes() == b"recording"
    cli("backup", "canary", data / "gone" / "canary.json", status=3)
    assert "--at" in cli("backup", "canary", data / "c.json", "--at", "07:00", status=2).err


def test_a_manifest_is_what_sha256sum_checks(cli: Cli, data: Path) -> None:
    found = cli.json("backup", "manifest", "crm", data)
    assert found == {
        "target": "crm",
        "file": str(cli.folder / ".ccir/manifests/crm/20260102T080000Z.sha256"),
        "files": 1,
        "bytes": 9,
        "changed": 0,
        "unreadable": 0,
        "removed": 0,
    }
    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", found["file"]],
        cwd="/",
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert checked.returncode == 0
    shown = cli("backup", "manifest", "crm", data, "--to", "mine.sha256").out
    assert "manifest of crm: 1 file, 9 bytes" in shown
    assert f"written to {cli.folder / 'mine.sha256'}" in shown
    assert "jane" not in shown


def test_a_manifest_is_of_a_target_and_of_a_folder(cli: Cli, data: Path) -> None:
    assert "did you mean 'crm'?" in cli("backup", "manifest", "crn", data, status=6).err
    cli("backup", "manifest", "crm", "../gone", status=6)
    cli("backup", "manifest", "crm", data / "jane-doe.wav", status=2)
    cli("backup", "manifest", "crm", data, "--to", data / "x.sha256", status=5)
    cli("backup", "manifest", "crm", data, "--at", "07:00", status=2)


def test_a_path_is_read_as_the_backup_reads_it(cli: Cli, data: Path) -> None:
    (cli.folder / "centre-data").mkdir()
    found = cli.json("backup", "manifest", "crm", f"centre-data/../../{data.name}")
    text = Path(found["file"]).read_text(encoding="utf-8")
    assert text.endswith(f"  {str(data).lstrip('/')}/jane-doe.wav\n")


def test_what_is_left_out_is_counted_and_told(healthy: Repository) -> None:
    with open_folder() as folder:
        cli = make_centre(folder / "centre", repository=healthy)
        (folder / "data").mkdir()
        for name in ("a", "b"):
            (folder / "data" / name).touch()
        (folder / "data" / "b").chmod(0)
        with without_privileges(folder):
            answer = cli("backup", "manifest", "crm", folder / "data")
        assert "left out, as they cannot be read: 1" in answer.err
        assert "1 file, 0 bytes" in answer.out


def test_a_file_that_changes_meanwhile_is_told(
    cli: Cli, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (data / name).write_bytes(b"x")

    def interfere(_speech: object, _stage: str, done: int | None, _total: int | None) -> None:
        if done == 1:
            (data / "b").unlink()

    monkeypatch.setattr("ccir.engine.manifest_files._FILES_BETWEEN_WORDS", 1)
    monkeypatch.setattr("ccir.cli.speech.Speech.progress", interfere)
    answer = cli("backup", "manifest", "crm", data)
    assert "changed or vanished meanwhile: 1 file" in answer.err
    assert "manifest of crm: 2 files" in answer.out


def test_an_interrupt_leaves_no_manifest(
    cli: Cli, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "ccir.cli.speech.Speech.progress", lambda *_: signal.raise_signal(signal.SIGINT)
    )
    assert "no manifest was written" in cli("backup", "manifest", "crm", data, status=130).out
    assert cli.json("backup", "manifest", "crm", data, status=130)["file"] is None
    assert [*(cli.folder / ".ccir/manifests/crm").iterdir()] == []
