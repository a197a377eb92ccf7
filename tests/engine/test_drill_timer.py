from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from ccir.engine.drill_timer import (
    NAME,
    cron_line,
    enabling,
    is_system_wide,
    units,
    write_units,
)
from ccir.engine.opening import open_workspace
from ccir.engine.workspace import Workspace
from ccir.errors import RefusedError, UnavailableError
from support.centre import make_centre

ODD = ["plain", "two words", "50% off", "it's", 'a "quoted" one', "back\\slash", "$HOME", "${x} y"]
SERVICE, TIMER = f"{NAME}.service", f"{NAME}.timer"


def workspace_in(folder: Path, *, more: str = "") -> Workspace:
    cli = make_centre(folder, more=more)
    return open_workspace(cli.surroundings, folder)


def program_in(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "ccir"
    program.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def setting(text: str, key: str) -> str:
    (found,) = [line for line in text.splitlines() if line.startswith(f"{key}=")]
    return found.removeprefix(f"{key}=")


def read_by_systemd(text: str) -> list[str]:
    """Return the words as systemd.syntax(7) and systemd.unit(5) say that they are read."""
    return [word.replace("%%", "%") for word in shlex.split(text)]


@pytest.mark.parametrize("name", ODD)
def test_the_service_calls_this_program_in_this_workspace(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "centre"
    program = program_in(tmp_path / name / "bin")
    service = units(workspace_in(folder), program, is_system_wide=True)[SERVICE]
    first, *others = read_by_systemd(setting(service, "ExecStart"))
    words = [first, *(word.replace("$$", "$") for word in others)]
    assert words[-6:] == [
        str(program),
        "--workspace",
        str(folder),
        "drill",
        "due",
        "--run",
    ]
    assert read_by_systemd(setting(service, "ReadWritePaths")) == [
        str(folder),
        f"-{folder / '.ccir' / 'scratch'}",
    ]


def test_the_service_may_write_its_metrics_and_its_scratch(tmp_path: Path) -> None:
    more = '[restore]\nscratch = "/srv/scratch"\n[drills]\nmetrics_file = "/var/lib/node/c.prom"\n'
    workspace = workspace_in(tmp_path / "centre", more=more)
    service = units(workspace, Path("/bin/true"), is_system_wide=True)[SERVICE]
    writable = f"{tmp_path / 'centre'} -/srv/scratch -/var/lib/node"
    assert setting(service, "ReadWritePaths") == writable
    assert setting(service, "ProtectSystem") == "strict"


def test_nothing_in_the_units_keeps_restored_files_from_their_owners_and_modes(
    tmp_path: Path,
) -> None:
    workspace = workspace_in(tmp_path / "centre")
    for_all = units(workspace, Path("/bin/true"), is_system_wide=True)[SERVICE]
    own = units(workspace, Path("/bin/true"))[SERVICE]
    # systemd.exec(5): in an account's units each of them makes a user namespace.
    assert not any(name in own for name in ("Private", "Protect", "ReadWritePaths"))
    assert "PrivateTmp=yes" in for_all
    for service in (own, for_all):
        assert "NoNewPrivileges=yes" in service
        assert not any(name in service for name in ("SUIDSGID", "PrivateUsers"))


def test_the_name_of_the_organisation_is_no_specifier(tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path / "centre")
    settings = tmp_path / "centre" / "ccir.toml"
    text = settings.read_text(encoding="utf-8").replace("Example", "100 %h")
    settings.write_text(text, encoding="utf-8")
    cli = make_centre(tmp_path / "other")
    shutil.copy(settings, cli.folder)
    files = units(open_workspace(cli.surroundings, cli.folder), Path("/bin/true"))
    for text in files.values():
        assert "100 %%h Contact Centre" in setting(text, "Description")
    assert "Example" in units(workspace, Path("/bin/true"))[SERVICE]


def test_the_timer_looks_every_hour_and_catches_up_once(tmp_path: Path) -> None:
    timer = units(workspace_in(tmp_path / "centre"), Path("/bin/true"))[TIMER]
    assert setting(timer, "OnCalendar") == "hourly"
    assert setting(timer, "Persistent") == "true"
    assert setting(timer, "WantedBy") == "timers.target"


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)
@pytest.mark.parametrize("is_whole", [False, True])
@pytest.mark.parametrize("name", ["plain", "two words 50% $HOME", "it's", "back\\slash"])
def test_systemd_finds_nothing_wrong_with_the_units(
    tmp_path: Path, name: str, *, is_whole: bool
) -> None:
    folder = tmp_path / name
    program = program_in(folder / "bin")
    workspace = workspace_in(folder / "centre", more='[restore]\nscratch = "not yet there"\n')
    files = units(workspace, program, is_system_wide=is_whole)
    written = write_units(files, tmp_path / "units")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--generators=no", *map(str, written)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    about = [line for line in (done.stdout + done.stderr).splitlines() if NAME in line]
    assert (done.returncode, about) == (0, [])


def test_what_is_written_twice_is_the_same(tmp_path: Path) -> None:
    files = units(workspace_in(tmp_path / "centre"), Path("/bin/true"))
    written = write_units(files, tmp_path / "new" / "units")
    assert [path.name for path in written] == [SERVICE, TIMER]
    assert write_units(files, tmp_path / "new" / "units") == written
    assert {path.name: path.read_text(encoding="utf-8") for path in written} == files


@pytest.mark.parametrize("octets", [b"[Unit]\nDescription=mine\n", b"\xff\xfe"])
def test_a_file_that_says_something_else_is_not_overwritten(tmp_path: Path, octets: bytes) -> None:
    files = units(workspace_in(tmp_path / "centre"), Path("/bin/true"))
    (tmp_path / TIMER).write_bytes(octets)
    with pytest.raises(RefusedError, match="says something else"):
        write_units(files, tmp_path)
    assert (tmp_path / TIMER).read_bytes() == octets
    assert not (tmp_path / SERVICE).exists(), "all or nothing"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UnavailableError, match="cannot be written"):
        write_units({SERVICE: ""}, tmp_path / "file")


@pytest.mark.parametrize("name", ODD)
def test_cron_calls_this_program_in_this_workspace(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "centre"
    program = tmp_path / name / "ccir"
    minute, *others, command = cron_line(workspace_in(folder), program).split(" ", 5)
    assert 0 < int(minute) < 60
    assert others == ["*"] * 4
    # crontab(5): a % that no backslash stands before would end the command.
    assert "%" not in command.replace("\\%", "")
    assert shlex.split(command.replace("\\%", "%")) == [
        str(program),
        "--workspace",
        str(folder),
        "drill",
        "due",
        "--run",
    ]


def test_the_timer_is_enabled_for_the_user_or_for_the_whole_machine(tmp_path: Path) -> None:
    assert enabling(tmp_path) == (
        "systemctl --user daemon-reload",
        "systemctl --user enable --now ccir-drills.timer",
    )
    assert enabling(Path("/etc/systemd/system")) == (
        "sudo systemctl daemon-reload",
        "sudo systemctl enable --now ccir-drills.timer",
    )


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("/etc/systemd/system", True),
        ("/package/usr/lib/systemd/system", True),
        ("/home/kim/.config/systemd/user", False),
        ("/etc/systemd/user", False),
        ("/home/kim/system", False),
    ],
)
def test_where_units_lie_tells_whose_they_are(folder: str, *, expected: bool) -> None:
    assert is_system_wide(Path(folder)) is expected
