"""What settings show of themselves."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.pretty import Pretty

from ccir.config.settings import Channel, Drills, Settings, Target
from ccir.config.values import Repository

TARGET = Target(
    tool="restic",
    repository=Repository("rest:https://alex:hunter2@backup.example.org/crm"),
    password_command=("sh", "-c", "echo hunter2"),
)
CHANNEL = Channel(kind="apprise", settings={"url": "slack://hunter2"})
DRILLS = Drills(ping_url="https://hc.example.org/hunter2", alert="team")


def test_no_secret_of_a_target_or_channel_is_in_its_repr() -> None:
    assert "hunter2" not in repr([TARGET, CHANNEL, DRILLS])
    assert "'team'" in repr(DRILLS)
    assert "backup.example.org/crm" in repr(TARGET)
    assert "'url'" in repr(CHANNEL)


def test_no_secret_shows_when_rich_prints_settings() -> None:
    output = StringIO()

    Console(file=output, width=200).print(Pretty([TARGET, CHANNEL, DRILLS]))

    assert "hunter2" not in output.getvalue()
    assert "restic" in output.getvalue()


def test_a_repository_without_credentials_is_shown_as_it_is() -> None:
    target = Target(tool="restic", repository=Repository("sftp:ops@host:/srv/crm"))

    assert target.shown_repository == "sftp:ops@host:/srv/crm"


def test_the_scratch_folder_lies_in_the_workspace_unless_it_is_set(organised: Settings) -> None:
    assert organised.scratch == organised.folder / ".ccir" / "scratch"
    assert isinstance(organised.scratch, Path)
