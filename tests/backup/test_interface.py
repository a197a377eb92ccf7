from __future__ import annotations

from ccir.backup.interface import Target


def test_a_target_shows_neither_its_repository_nor_what_opens_it() -> None:
    target = Target(
        name="crm",
        repository="rest:http://user:s3cret@host/",
        password_command=("pass", "show", "s3cret"),
        environment={"AWS_SECRET_ACCESS_KEY": "s3cret"},
    )
    assert repr(target) == "Target(name='crm', tool='restic')"
