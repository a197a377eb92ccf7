from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.program import KEPT_NAMES, Program, bare_environment

NAMES = st.sampled_from([*KEPT_NAMES, "AWS_SECRET_ACCESS_KEY", "CCIR_KEY", "LD_PRELOAD", "KEEP"])


@given(st.dictionaries(NAMES, st.text()), st.lists(NAMES, max_size=3))
def test_only_named_variables_are_handed_on_and_unchanged(
    parent: dict[str, str], keep: list[str]
) -> None:
    kept = bare_environment(parent, keep=keep)
    assert kept.items() <= parent.items()
    assert set(kept) == set(parent) & {*KEPT_NAMES, *keep}


@pytest.mark.parametrize("name", ["LD_PRELOAD", "BASH_ENV", "IFS", "PYTHONPATH", "SSH_AUTH_SOCK"])
def test_what_changes_or_opens_something_is_not_handed_on_by_itself(name: str) -> None:
    assert bare_environment({name: "x"}) == {}


def test_a_program_shows_its_arguments_but_neither_environment_nor_secrets() -> None:
    program = Program(
        argv=("/usr/bin/restic", "check"),
        environment={"AWS_SECRET_ACCESS_KEY": "s3cret-1"},
        deadline_seconds=5,
        secrets=("s3cret-2",),
    )
    assert repr(program) == "Program(argv=('/usr/bin/restic', 'check'))"
