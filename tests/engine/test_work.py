from __future__ import annotations

import pytest

from ccir.engine.attendant import Attendant
from ccir.engine.handle import load
from ccir.engine.work import run_step
from ccir.engine.workspace import Workspace
from ccir.errors import RefusedError
from support.cli import Cli


def _broken_off(question: str) -> None:
    raise KeyboardInterrupt(question)


def test_work_that_is_broken_off_fails_the_step_and_says_so(
    begun: Cli, workspace: Workspace, run_id: str
) -> None:
    begun("step", "done", "declare")
    begun("fact", "set", "host=here")
    with pytest.raises(KeyboardInterrupt):
        run_step(workspace, run_id, "look", by="alex", attendant=Attendant(confirm=_broken_off))
    record = load(workspace, run_id).run.record("look")
    assert (record.progress, record.reason) == ("failed", "interrupted")


def test_an_attendant_of_nobody_confirms_nothing() -> None:
    nobody = Attendant()
    with pytest.raises(RefusedError, match="nobody is there"):
        nobody.confirm("go on?")
    nobody.progress("look", None, None)
    assert nobody.is_cancelled() is False
