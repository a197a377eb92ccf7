"""`ccir decide`: takes one of a run's decisions."""

from __future__ import annotations

from typing import Annotated

import typer

from ccir.cli.options import command, plain
from ccir.cli.session import Session
from ccir.cli.step import Reason, StepName, refuse_unknown_step, settle_step
from ccir.domain import commands as c
from ccir.engine.texts import seal

app = plain()


@command(
    app,
    examples=('ccir decide decide-containment isolate --reason "Records are still leaving"',),
)
def decide(
    session: Session,
    step: StepName,
    option: Annotated[str, typer.Argument(help="One of the decision's options.")],
    reason: Reason,
) -> None:
    """Choose one of a decision's options, with a reason."""
    refuse_unknown_step(session, step)
    text = seal(session.workspace, session.run_id, reason)
    choice = c.Decide(by=session.person, step=step, option=option, reason=text)
    settle_step(session, choice, step)
