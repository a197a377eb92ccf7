from __future__ import annotations

from pathlib import Path

from support.centre import make_centre
from support.cli import Cli
from support.restic_repository import FILES, Repository, clean_repository


def test_a_healthy_backup_passes_and_stands_in_the_log(protected: Cli) -> None:
    found = protected.json("backup", "check")
    assert set(found) >= {
        "target",
        "verdict",
        "reason",
        "snapshot",
        "age_seconds",
        "rpo_seconds",
        "checks",
    }
    assert (found["target"], found["verdict"], found["reason"]) == ("crm", "pass", "")
    assert 0 < found["age_seconds"] < found["rpo_seconds"] == 86_400
    assert protected.json("log")["events"][-1]["type"] == "BackupChecked"
    shown = protected("backup", "check", "crm", "--read-data", "1/1").out
    assert "backup of crm: pass, snapshot " in shown
    assert "recorded in INC-2026-0001" in shown


def test_a_password_that_others_can_read_stops_no_restore_and_is_told_by_the_doctor(
    protected: Cli, healthy: Repository, tmp_path: Path
) -> None:
    exposed = tmp_path / "exposed"
    exposed.write_text(healthy.password_file.read_text("utf-8"), encoding="utf-8")
    exposed.chmod(0o644)
    settings = protected.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(str(healthy.password_file), str(exposed)), encoding="utf-8")
    assert protected.json("backup", "check")["verdict"] == "pass"
    assert "chmod 600" in protected("doctor", status=3).out


def test_an_old_backup_fails(protected: Cli) -> None:
    protected.clock.move(2 * 86_400)
    found = protected.json("backup", "check", status=1)
    assert (found["verdict"], found["reason"]) == ("fail", "rpo-exceeded")


def test_without_a_run_it_is_recorded_nowhere(tmp_path: Path, healthy: Repository) -> None:
    cli = make_centre(tmp_path / "centre", repository=healthy)
    assert "recorded nowhere" in cli("backup", "check").out


def test_ccir_does_not_guess_between_targets(protected: Cli) -> None:
    settings = protected.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text + '\n[targets.voice]\ntool = "restic"\nrepository = "gone"\npassword_file = "p"\n'
        '\n[bindings]\ncall-recordings = "voice"\n',
        encoding="utf-8",
    )
    assert "2 targets could be meant: crm, voice" in protected("backup", "check", status=2).err
    assert "did you mean 'crm'?" in protected("backup", "check", "crn", status=6).err
    gone = protected.json("backup", "check", "call-recordings", status=1)
    assert (gone["target"], gone["reason"]) == ("voice", "repository-missing")


def test_without_a_target_the_lines_to_add_are_told(begun: Cli) -> None:
    assert "[targets.customer-records]" in begun("backup", "check", status=3).err


def test_a_restore_for_good_is_verified_kept_and_recorded(protected: Cli) -> None:
    to = protected.folder / "restored"
    shown = protected("backup", "restore", "crm", "--to", "restored").out
    assert f"crm restored into {to}: pass" in shown
    assert len([path for path in to.rglob("*") if path.is_file()]) == FILES
    assert to.stat().st_mode & 0o777 == 0o700
    assert protected.json("log")["events"][-1]["type"] == "BackupRestored"


def test_a_restore_takes_a_purpose_like_its_neighbours(protected: Cli) -> None:
    settings = protected.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'{text}\n[bindings]\ncustomer-records = "crm"\n', encoding="utf-8")
    found = protected.json("backup", "restore", "customer-records", "--to", "restored")
    assert (found["target"], found["verdict"]) == ("crm", "pass")


def test_a_restore_can_be_for_a_step(protected: Cli) -> None:
    words = ("backup", "restore", "crm", "--to", protected.folder / "restored", "--step")
    assert "did you mean" in protected(*words, "prov", status=6).err
    protected(*words, "prove")
    assert protected.json("log")["events"][-1]["body"]["step"] == "prove"


def test_a_restore_for_a_step_needs_a_run(tmp_path: Path, healthy: Repository) -> None:
    cli = make_centre(tmp_path / "centre", repository=healthy)
    words = ("backup", "restore", "crm", "--to", "x", "--step", "prove")
    assert "no run is open" in cli(*words, status=2).err


def test_a_restore_overwrites_nothing(protected: Cli) -> None:
    full = protected.folder / "full"
    full.mkdir()
    (full / "mine").write_text("mine", encoding="utf-8")
    found = protected.json("backup", "restore", "crm", "--to", full, status=3)
    assert (found["verdict"], found["reason"]) == ("error", "refused")
    assert (full / "mine").read_text(encoding="utf-8") == "mine"


def test_a_snapshot_can_be_named(protected: Cli, healthy: Repository) -> None:
    words = ("backup", "restore", "crm", "--snapshot")
    short = healthy.snapshot_id[:8]
    found = protected.json(*words, short, "--to", protected.folder / "a")
    assert found["snapshot"] == healthy.snapshot_id
    wrong = protected.json(*words, "0" * 8, "--to", protected.folder / "b", status=3)
    assert wrong["reason"] == "snapshot-unknown"
    assert not (protected.folder / "b").exists()


def test_the_steps_verify_and_restore_for_real(protected: Cli) -> None:
    shown = protected("step", "run", "check").out
    assert "check is done" in shown
    assert "structure" in shown
    assert protected.json("step", "run", "prove")["state"] == "done"
    types = [event["type"] for event in protected.json("log")["events"]]
    assert types[-6:] == [
        "StepStarted",
        "BackupChecked",
        "StepFinished",
        "StepStarted",
        "DrillFinished",
        "StepFinished",
    ]


def test_the_last_clean_snapshot_is_sought_and_stands_in_the_log(protected: Cli) -> None:
    found = protected.json("backup", "last-clean", status=1)
    assert (found["verdict"], found["reason"]) == ("fail", "no-clean-snapshot")
    assert [each["reason"] for each in found["examined"]] == ["content-mismatch"]
    assert protected.json("log")["events"][-1]["type"] == "CleanSnapshotSought"
    shown = protected("backup", "last-clean", "crm", "--limit", "1", status=1).out
    assert "no clean snapshot" in shown
    assert "--limit" in shown
    protected("backup", "last-clean", "--drill", "gone", status=6)


def test_a_clean_snapshot_is_shown_with_the_way_back(protected: Cli, tmp_path: Path) -> None:
    made = clean_repository(tmp_path / "made")
    settings = protected.folder / "ccir.toml"
    text = settings.read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith("repository ="))
    password = next(line for line in text.splitlines() if line.startswith("password_file ="))
    text = text.replace(old, f'repository = "{made.folder}"')
    settings.write_text(text.replace(password, f'password_file = "{made.password_file}"'))
    shown = protected("backup", "last-clean").out
    assert "the last clean snapshot is" in shown
    assert "ccir backup restore crm --snapshot" in shown
    assert "would be lost" not in shown, "nothing came after it"
