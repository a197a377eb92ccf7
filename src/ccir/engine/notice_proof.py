"""Writes the proof of a notice: whom it went to, when, with which text, and who let it out.

1. The same state of the run and of its ledger gives the same bytes.
2. No address and no name of a recipient is in it: rows carry the keyed hash of the address. Whole
   messages are only in it where somebody who may see them asks, with a reason that stays.
3. Rows are streamed: a million of them take no more memory than one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from ccir.domain.deciding_notices import existing_notice, latest_version
from ccir.domain.record import canonical
from ccir.domain.run import Run, VersionRecord
from ccir.engine.handle import Loaded, load
from ccir.engine.notice_proof_ledger import LedgerTally, troubled
from ccir.engine.notice_proof_log import chain_lines, deeds, event_lines
from ccir.engine.notice_proof_model import (
    AsOf,
    LeftOut,
    Proof,
    Refusal,
    Sample,
    Timing,
    VersionProof,
)
from ccir.engine.notice_proof_page import page
from ccir.engine.notice_proof_texts import add_messages, add_texts, digest_parts
from ccir.engine.notice_proof_timing import timings
from ccir.engine.notice_rows import key_of, ledger_counts
from ccir.engine.notice_texts import NoticeText, texts_of
from ccir.engine.notice_unmasking import Unmasking, record_unmasking, unmasking_role
from ccir.engine.texts import fit_words
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, StoreDamagedError
from ccir.evidence.bundles import Bundle, BundledFile, bundle


class ProofOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Where the proof goes, and whether `samples` whole messages are in it, for whom and why."""

    notice: str
    target: Path
    samples: int = 5
    full: Unmasking | None = None


class WrittenProof(msgspec.Struct, frozen=True, kw_only=True):
    """A proof that was written, and its files."""

    target: Path
    proof: Proof
    files: tuple[BundledFile, ...]


def write_proof(workspace: Workspace, run_id: str, order: ProofOrder) -> WrittenProof:
    """Write the proof of a notice with all its versions.

    Raises:
        NotFoundError: the playbook has no such notice.
        RefusedError: it was never previewed, or the person may not see whole messages.
        UsageError: there is something at the target already, or the reason is empty.
        UnavailableError: it cannot be written.
    """
    loaded = load(workspace, run_id)
    latest_version(loaded.run, order.notice)
    if order.full is not None:
        unmasking_role(workspace, loaded.run, order.notice, person=order.full.by)
        fit_words(order.full.reason)
    root = f"proof-{loaded.run.id}-{order.notice}"
    with bundle(order.target, root=root) as made:
        if order.full is not None:
            _record(workspace, loaded.run, order, full=order.full)
            loaded = load(workspace, run_id)
        proof = _Writing(workspace, loaded, order, made=made).proof()
    return WrittenProof(target=order.target, proof=proof, files=tuple(made.files))


def _record(workspace: Workspace, run: Run, order: ProofOrder, *, full: Unmasking) -> None:
    """Record for each version that whole messages of it are about to be shown."""
    for version in run.notices[order.notice]:
        shown = min(order.samples, ledger_counts(workspace, run, version).told)
        if shown:
            record_unmasking(workspace, run, version, rows=shown, order=full)


class _Writing:
    """A proof that is being written into a bundle."""

    def __init__(
        self, workspace: Workspace, loaded: Loaded, order: ProofOrder, *, made: Bundle
    ) -> None:
        self._workspace = workspace
        self._loaded = loaded
        self._run = loaded.run
        self._order = order
        self._made = made
        self._timing = timings(workspace, loaded.run, order.notice)
        self._samples: list[Sample] = []

    def proof(self) -> Proof:
        """Write all files and return what they say together."""
        versions = self._run.notices[self._order.notice]
        made = [self._version(version) for version in versions]
        self._log()
        proof = self._summary([version for version, _ in made], [tally for _, tally in made])
        document = msgspec.json.format(canonical(proof), indent=2) + b"\n"
        self._made.add("proof.json", [document])
        self._made.add("README.md", [page(proof).encode()])
        return proof

    def _version(self, version: VersionRecord) -> tuple[VersionProof, LedgerTally]:
        tally = self._ledger(version)
        text = self._text(version)
        if text is not None:
            self._samples += add_texts(self._workspace, self._made, version=version, text=text)
            if self._order.full is not None:
                self._samples += add_messages(
                    self._workspace,
                    self._made,
                    self._run,
                    version=version,
                    text=text,
                    rows=tally.picked,
                )
        return self._described(version, tally, text=text), tally

    def _ledger(self, version: VersionRecord) -> LedgerTally:
        ledger, key = self._workspace.stores.ledger, key_of(self._run, version)
        tally = LedgerTally(
            limits=[each.limit for each in self._timing],
            total=ledger.counts(key).total,
            samples=self._order.samples,
        )
        folder = f"version-{version.version}"
        self._made.add(f"{folder}/ledger.jsonl", tally.lines(ledger.rows(key)))
        self._made.add(f"{folder}/troubled.jsonl", troubled(ledger.rows(key)))
        return tally

    def _text(self, version: VersionRecord) -> NoticeText | None:
        try:
            return texts_of(self._workspace, version)
        except StoreDamagedError:  # erased: its digest is all that is left of it
            return None

    def _described(
        self, version: VersionRecord, tally: LedgerTally, *, text: NoticeText | None
    ) -> VersionProof:
        counts = ledger_counts(self._workspace, self._run, version)
        denial = version.denial
        return VersionProof(
            version=version.version,
            digest=version.digest,
            digest_parts=None if text is None else digest_parts(self._workspace, version, text),
            author=version.author,
            at=version.at,
            channel=version.channel,
            recipients=version.recipients,
            languages=version.languages,
            left_out=self._left_out(version),
            approvals=version.approvals,
            refusal=None
            if denial is None
            else Refusal(by=denial.by, role=denial.role, at=denial.at),
            deeds=deeds(self._loaded.entries, version.notice, version=version.version),
            reached=counts.told,
            unknown=counts.unknown,
            counts=counts,
            first_told_at=tally.first_at,
            last_told_at=tally.last_at,
            troubles=tally.troubles,
        )

    def _left_out(self, version: VersionRecord) -> LeftOut:
        try:
            queued = self._workspace.stores.people.list_summary(version.list).queued
        except NotFoundError:  # the list was erased
            queued = {}
        return LeftOut(
            rejected=version.rejected,
            duplicates=version.duplicates,
            already_told=version.already_told,
            queued=queued,
        )

    def _log(self) -> None:
        entries = self._loaded.entries
        lines = self._workspace.stores.events.lines(self._run.id)[: len(entries)]
        related = event_lines(entries, lines, notice=self._order.notice)
        self._made.add("log/events.jsonl", related)
        self._made.add("log/chain.jsonl", chain_lines(entries))

    def _summary(self, versions: Sequence[VersionProof], tallies: Sequence[LedgerTally]) -> Proof:
        run, last = self._run, self._loaded.entries[-1]
        notice = existing_notice(run, self._order.notice)
        return Proof(
            run=run.id,
            kind=run.kind,
            playbook=run.pin,
            notice=notice.id,
            title=notice.title,
            audience=notice.audience,
            zone=run.zone,
            as_of=AsOf(seq=last.seq, hash=last.hash, at=last.recorded_at),
            versions=tuple(versions),
            timing=tuple(self._timed(number, tallies) for number in range(len(self._timing))),
            samples=tuple(self._samples),
            first_told_at=min((each.first_at for each in tallies if each.first_at), default=None),
            last_told_at=max((each.last_at for each in tallies if each.last_at), default=None),
        )

    def _timed(self, number: int, tallies: Sequence[LedgerTally]) -> Timing:
        after = sum(each.after[number] for each in tallies)
        return msgspec.structs.replace(self._timing[number], told_after=after)
