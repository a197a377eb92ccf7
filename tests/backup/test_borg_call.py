from __future__ import annotations

import shlex
from pathlib import Path

from ccir.backup.borg_call import Command, secrets_of
from ccir.backup.borg_verdict import call
from ccir.backup.interface import Target, ToolKit
from ccir.clock import SystemClock
from support.fake_borg import FakeBorg, fake_borg

REMOTE = Target(name="crm", tool="borg", repository="ssh://backup.invalid/crm")


def called(fake: FakeBorg, target: Target, **environment: str) -> None:
    kit = ToolKit(clock=SystemClock(), environment={"PATH": fake.path, **environment})
    call(kit, target, Command(arguments=("list", "--json"), deadline_seconds=10))


def test_nothing_secret_stands_among_the_arguments(tmp_path: Path) -> None:
    password = tmp_path / "a password's file"
    password.write_text("correct horse", encoding="utf-8")
    fake = fake_borg(tmp_path / "bin")
    target = Target(
        name="crm",
        repository="ssh://backup.invalid/crm",
        password_file=str(password),
        environment={"BORG_RSH": "ssh -i s3cret"},
    )
    called(fake, target)
    assert fake.argv[2:] == ["list", "--log-json", "--bypass-lock", "--json"]
    assert shlex.split(fake.environment["BORG_PASSCOMMAND"]) == ["cat", "--", str(password)]
    assert fake.environment["BORG_RSH"] == "ssh -i s3cret"
    assert set(secrets_of(target)) == {"correct horse", "ssh -i s3cret"}


def test_borg_gets_only_what_it_needs_of_the_environment(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".config" / "borg" / "keys").mkdir(parents=True)
    fake = fake_borg(tmp_path / "bin")
    called(fake, REMOTE, HOME=str(home), SSH_AUTH_SOCK="/run/agent", OTHER="x", TZ="Asia/Kathmandu")
    given = fake.environment
    assert "OTHER" not in given
    assert "BORG_PASSCOMMAND" not in given
    assert (given["SSH_AUTH_SOCK"], given["TZ"]) == ("/run/agent", "UTC")
    assert given["BORG_REPO"] == "ssh://backup.invalid/crm"
    assert given["BORG_KEYS_DIR"] == str(home / ".config" / "borg" / "keys")
    assert not Path(given["BORG_BASE_DIR"]).exists()


def test_key_files_are_looked_for_where_borg_keeps_them(tmp_path: Path) -> None:
    (tmp_path / "config" / "borg" / "keys").mkdir(parents=True)
    fake = fake_borg(tmp_path / "bin")
    called(fake, REMOTE, XDG_CONFIG_HOME=str(tmp_path / "config"))
    assert fake.environment["BORG_KEYS_DIR"] == str(tmp_path / "config" / "borg" / "keys")
    called(fake, REMOTE, HOME=str(tmp_path))
    assert "BORG_KEYS_DIR" not in fake.environment


def test_a_password_command_is_quoted_as_borg_splits_it(tmp_path: Path) -> None:
    fake = fake_borg(tmp_path / "bin")
    words = ("pass", "show", 'it\'s a "crm" \\ $HOME')
    called(fake, Target(name="crm", repository=REMOTE.repository, password_command=words))
    assert shlex.split(fake.environment["BORG_PASSCOMMAND"])[-3:] == [*words]


def test_a_password_file_that_cannot_be_read_is_no_secret() -> None:
    assert secrets_of(Target(name="crm", repository="x", password_file="/nonexistent")) == ()
