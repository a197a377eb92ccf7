"""`ccir notice proof`: writes a bundle that shows whom a notice went to, when and with what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccir.cli.completion import complete_notices
from ccir.cli.session import Session
from ccir.domain.wording import tally
from ccir.errors import UsageError

if TYPE_CHECKING:
    from ccir.engine.notice_proof import WrittenProof
    from ccir.engine.notice_unmasking import Unmasking

_MOST_SAMPLES = 100


def proof(
    session: Session,
    notice: Annotated[
        str, typer.Argument(help="The notice's id.", autocompletion=complete_notices)
    ],
    *,
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR|FILE.zip", help="Where; by default a folder where you stand."),
    ] = None,
    samples: Annotated[
        int, typer.Option(min=0, max=_MOST_SAMPLES, help="How many whole messages, with --full.")
    ] = 5,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="With whole messages, which needs --reason and stays in the log."
        ),
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why, with --full; kept sealed.")] = None,
) -> None:
    """Write the proof of a notice: texts, approvals, ledger, counts, timing, and a page to read.

    Recipients are keyed hashes in it, and sample texts are masked. With --full, sampled messages
    are written as they left and compared with the SHA-256 in the ledger; that takes a role of
    `[privacy] unmask_roles`. `sha256sum -c SHA256SUMS` checks the files.
    """
    from ccir.engine.notice_proof import ProofOrder, write_proof

    session.refuse_at()
    unmasking = _unmasking(session, full=full, reason=reason)
    place = to or Path(f"proof-{session.run_id}-{notice}")
    order = ProofOrder(
        notice=notice,
        target=session.surroundings.here / place,
        samples=samples,
        full=unmasking,
    )
    with session.speech.work():
        written = write_proof(session.workspace, session.run_id, order)
    if not session.speech.result(_document(written)):
        _say(session, written)


def _unmasking(session: Session, *, full: bool, reason: str | None) -> Unmasking | None:
    from ccir.engine.notice_unmasking import Unmasking

    if full != bool(reason and reason.strip()):
        raise UsageError(
            "--full and --reason go together", hint="say why: --full --reason 'the authority asks'"
        )
    return Unmasking(by=session.person, reason=reason) if full and reason else None


def _document(written: WrittenProof) -> dict[str, object]:
    return {"target": str(written.target), "files": written.files, "proof": written.proof}


def _say(session: Session, written: WrittenProof) -> None:
    for each in written.proof.versions:
        session.speech.say(
            f"{written.proof.notice} version {each.version}: {each.reached} told, "
            f"{each.unknown} unknown of {each.recipients} ({tally(each.counts)})"
        )
    for sample in written.proof.samples:
        if sample.row is not None:
            session.speech.say(f"  {sample.file}: {sample.compared}")
    session.speech.say(
        f"{len(written.files)} files in {written.target}",
        "read README.md first; `sha256sum -c SHA256SUMS` checks them",
    )
