from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ccir.backup.interface import Deadlines, Target
from ccir.backup.restic import Restic
from ccir.config import settings as config
from ccir.config.values import Repository, Seconds
from ccir.drilling.targets import backup_target, tool_of
from ccir.errors import CcirError, NotFoundError
from support.drills import kit_for

SETTINGS = config.Target(
    tool="restic",
    repository=Repository("rest:https://backup.example/crm"),
    password_file=Path("/etc/ccir/crm.password"),
    hosts=("crm1",),
    tags=("crm",),
    paths=("/srv/crm",),
    rpo_seconds=Seconds(60),
    rto_seconds=Seconds(120),
    retention_seconds=Seconds(180),
    append_only=True,
)


def test_a_target_of_the_settings_becomes_a_tool_s_with_all_it_says() -> None:
    assert backup_target("crm", SETTINGS) == Target(
        name="crm",
        repository="rest:https://backup.example/crm",
        tool="restic",
        password_file="/etc/ccir/crm.password",
        hosts=("crm1",),
        tags=("crm",),
        paths=("/srv/crm",),
        rpo_seconds=60.0,
        rto_seconds=120.0,
        retention_seconds=180.0,
        append_only=True,
    )


def test_a_password_command_is_handed_on() -> None:
    settings = msgspec.structs.replace(
        SETTINGS, password_file=None, password_command=("pass", "show", "crm")
    )
    target = backup_target("crm", settings)
    assert (target.password_file, target.password_command) == (None, ("pass", "show", "crm"))


def test_the_environment_file_is_read_and_its_secrets_stay_out_of_the_target_s_picture(
    tmp_path: Path,
) -> None:
    file = tmp_path / "crm.env"
    file.write_text("RESTIC_REST_PASSWORD=hunter2\n", encoding="utf-8")
    file.chmod(0o600)
    target = backup_target("crm", msgspec.structs.replace(SETTINGS, environment_file=file))
    assert target.environment == {"RESTIC_REST_PASSWORD": "hunter2"}
    assert "hunter2" not in repr(target)


def test_an_environment_file_that_cannot_be_used_is_a_person_s_to_mend(tmp_path: Path) -> None:
    settings = msgspec.structs.replace(SETTINGS, environment_file=tmp_path / "gone.env")
    with pytest.raises(CcirError, match=r"gone\.env"):
        backup_target("crm", settings)


def test_a_target_s_tool_is_found_by_its_name(tmp_path: Path) -> None:
    target = Target(name="crm", repository="/srv/backup")
    assert isinstance(tool_of(target, kit_for(tmp_path)), Restic)


def test_an_unknown_tool_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    target = Target(name="crm", repository="/srv/backup", tool="restc")
    with pytest.raises(NotFoundError) as caught:
        tool_of(target, kit_for(tmp_path), deadlines=Deadlines())
    assert caught.value.hint == "did you mean 'restic'?"
