"""What lets systemd or cron play the drills that are due: unit files and a line for cron."""

from __future__ import annotations

import shlex
from pathlib import Path

from ccir.engine.workspace import Workspace
from ccir.errors import RefusedError, UnavailableError

NAME = "ccir-drills"
_ENV = "/usr/bin/env"
_SYSTEM_FOLDER = ("systemd", "system")  # in /etc, /run or a package's own root
_MINUTE = 17  # not on the hour, when everybody else calls
_SERVICE = """\
# Written by `ccir drill install`. Plays the restore drills that are due, each at most once.
[Unit]
Description=Restore drills of {name}
Documentation=man:systemd.service(5)
After=network-online.target
Wants=network-online.target

[Service]
Type=oneshot
ExecStart={command}
Nice=10
IOSchedulingClass=idle
NoNewPrivileges=yes
LockPersonality=yes
"""
# RestrictSUIDSGID is in no unit: as root restic 0.18 and borg then fail on set-group-id folders.
# What follows is in no account's own units: there it needs a user namespace, which systemd 254 and
# newer make unasked, and in which restic can give no file to another owner, and so fails.
_SANDBOX = """\
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={writable}
"""
_TIMER = """\
# Written by `ccir drill install`.
[Unit]
Description=Look every hour which restore drills of {name} are due

[Timer]
OnCalendar=hourly
RandomizedDelaySec=10min
Persistent=true

[Install]
WantedBy=timers.target
"""


def is_system_wide(folder: Path) -> bool:
    """Tell whether units in the folder are the whole machine's, which run as root by default."""
    return folder.parts[-2:] == _SYSTEM_FOLDER


def units(workspace: Workspace, program: Path, *, is_system_wide: bool = False) -> dict[str, str]:
    """Return the service and its timer by file name, for an account or for the whole machine."""
    named = {
        "name": workspace.settings.organisation.name.replace("%", "%%"),
        "command": _command_line(workspace, program),
        "writable": " ".join(_quoted(word) for word in _writable(workspace)),
    }
    return {
        f"{NAME}.service": (_SERVICE + (_SANDBOX if is_system_wide else "")).format(**named),
        f"{NAME}.timer": _TIMER.format(**named),
    }


def write_units(files: dict[str, str], folder: Path) -> list[Path]:
    """Write the files, and return where they are; one that differs is not overwritten.

    Raises:
        RefusedError: a file of that name says something else.
        UnavailableError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            file = folder / name
            if file.exists() and file.read_bytes() != text.encode("utf-8"):
                raise RefusedError(
                    f"'{file}' is there and says something else", hint="remove or compare it first"
                )
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
    except OSError as error:
        raise UnavailableError(
            f"'{folder}' cannot be written: {error.strerror}", hint="name another --to DIR"
        ) from error
    return [folder / name for name in files]


def cron_line(workspace: Workspace, program: Path) -> str:
    """Return a line for cron that looks every hour."""
    command = shlex.join(_command(workspace, program)).replace("%", "\\%")
    return f"{_MINUTE} * * * * {command}"


def enabling(folder: Path) -> tuple[str, str]:
    """Return the commands that enable the timer whose unit files lie in the folder."""
    systemctl = "sudo systemctl" if is_system_wide(folder) else "systemctl --user"
    return f"{systemctl} daemon-reload", f"{systemctl} enable --now {NAME}.timer"


def _command(workspace: Workspace, program: Path) -> tuple[str, ...]:
    return (str(program), "--workspace", str(workspace.folder), "drill", "due", "--run")


def _writable(workspace: Workspace) -> list[str]:
    """Return the folders to write; with a "-" before it, one need not be there yet."""
    settings = workspace.settings
    metrics = settings.drills.metrics_file
    more = [settings.scratch, *([] if metrics is None else [metrics.parent])]
    return [str(workspace.folder), *(f"-{folder}" for folder in more)]


def _command_line(workspace: Workspace, program: Path) -> str:
    """Return the command for systemd, which looks for variables in all but the first word.

    A program whose path has a quote or a backslash is refused by systemd itself.
    """
    words = _command(workspace, program)
    if any(sign in str(program) for sign in "\\\"'"):
        words = (_ENV, *words)
    first, *others = (_quoted(word) for word in words)
    return " ".join((first, *(word.replace("$", "$$") for word in others)))


def _quoted(word: str) -> str:
    """Return a word as systemd reads it (systemd.service(5), 'Command lines')."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{plain}"' if any(sign in word for sign in " \\\"'") else plain
