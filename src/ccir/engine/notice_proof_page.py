"""The page of a proof that a person reads first: what happened, and how to check the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ccir.domain.moments import shown, zone_of
from ccir.domain.wording import tally
from ccir.engine.notice_proof_model import Proof, Sample, Timing, VersionProof
from ccir.reports.escaping import markdown_code, markdown_line

_CHECK = """\
## How to check it

1. `sha256sum -c SHA256SUMS`, in this folder, says whether a file was changed.
2. `log/chain.jsonl` has every event of the run with its hash and the one before: each `prev` is the
   `hash` of the line above it. The `hash` of an event in `log/events.jsonl` is the SHA-256 of its
   line with the line's end. The last hash above is that of the whole log; whoever wrote it down
   at that time can see that nothing was changed since.
3. `ledger.jsonl` has one line for each recipient: her row of the list, the keyed hash of her
   address, how far her message got (`state`), what that rests on (`basis`), the other side's reply,
   relay and TLS version, and the SHA-256 of the message as it left. No address is in it. Whether a
   certain person was told is answered by `ccir notice status NOTICE --address -` where the key is.
4. `accepted` means that the next mail server took the message; `delivered`, `confirmed` and
   `bounced` are what was learnt later. `unknown` may or may not have been taken: those rows
   count as neither told nor not told.
"""


def page(proof: Proof) -> str:
    """Return the page in Markdown; nothing that people wrote is markup in it."""
    parts = [
        *_head(proof),
        *(line for version in proof.versions for line in _version(version, proof.zone)),
        *_timing(proof),
        *_samples(proof.samples),
        "",
        _CHECK,
    ]
    return "\n".join(parts)


def _head(proof: Proof) -> Iterator[str]:
    playbook = proof.playbook
    yield f"# Proof of notice: {markdown_line(proof.title)}"
    yield ""
    yield f"Notice {markdown_code(proof.notice)} to {markdown_code(proof.audience)},"
    yield f"{markdown_line(proof.kind)} {markdown_code(proof.run)}" + (
        f", playbook {markdown_code(playbook.id)} {markdown_line(playbook.version)}."
        if playbook
        else "."
    )
    known = proof.as_of
    yield f"State as of event {known.seq} of the run's log, {_at(known.at, proof.zone)},"
    yield f"hash {markdown_code(known.hash)}."
    yield ""
    yield from _table(("version", "recipients", "told", "unknown", "all states"))
    for each in proof.versions:
        yield _row(each.version, each.recipients, each.reached, each.unknown, tally(each.counts))
    yield ""
    yield f"First told {_at(proof.first_told_at, proof.zone)}, last told"
    yield f"{_at(proof.last_told_at, proof.zone)}. Times are in {markdown_line(proof.zone)}."


def _version(version: VersionProof, zone: str) -> Iterator[str]:
    yield ""
    yield f"## Version {version.version}"
    yield ""
    yield from _table(("", ""))
    yield from _what(version, zone)
    yield ""
    yield from _table(("event", "when", "who", "what"))
    for deed in version.deeds:
        yield _row(deed.seq, _at(deed.at, zone), markdown_line(deed.by), markdown_line(deed.text))
    if version.troubles:
        yield ""
        yield from _table(("not told, or in doubt", "code", "rows"))
        for each in version.troubles:
            yield _row(each.state, each.code or "none", each.count)


def _what(version: VersionProof, zone: str) -> Iterator[str]:
    yield _row("digest", markdown_code(version.digest))
    yield _row("written by", f"{markdown_line(version.author)}, {_at(version.at, zone)}")
    yield _row("channel", markdown_code(version.channel))
    languages = ", ".join(f"{count} {name}" for name, count in version.languages.items())
    yield _row("languages", markdown_line(languages))
    for given in version.approvals:
        account = f", account {given.account}"
        yield _row("approved by", _who(given.by, given.role, account, at=_at(given.at, zone)))
    if version.refusal is not None:
        refusal = version.refusal
        yield _row("refused by", _who(refusal.by, refusal.role, at=_at(refusal.at, zone)))
    yield _row("first and last told", _span(version, zone))
    yield _row("not in the ledger", _left_out(version))
    if version.digest_parts is None:
        yield _row("text", "erased since")
    else:
        yield _row("SHA-256 of the text", markdown_code(version.digest_parts.text))
        yield _row("SHA-256 of the list, keyed", markdown_code(version.digest_parts.list))


def _who(person: str, role: str, account: str = "", *, at: str) -> str:
    words = f"{person} as {role or 'anybody'}{account}"
    return f"{markdown_line(words)}, {at}"


def _left_out(version: VersionProof) -> str:
    left = version.left_out
    counts = {
        "rejected": left.rejected,
        "duplicates": left.duplicates,
        "told already": left.already_told,
        **{f"waiting ({reason})": count for reason, count in left.queued.items()},
    }
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nobody"


def _span(version: VersionProof, zone: str) -> str:
    return f"{_at(version.first_told_at, zone)}; {_at(version.last_told_at, zone)}"


def _timing(proof: Proof) -> Iterator[str]:
    yield ""
    yield "## Timing"
    yield ""
    if not proof.timing:
        yield "No deadline is known that the notice had to meet."
        return
    yield from _table(("rule", "work to", "at the latest", "told after that", "why"))
    for each in proof.timing:
        yield _row(
            markdown_code(each.rule) if each.rule else "playbook",
            markdown_line(each.plan_by or "-"),
            markdown_line(each.legal_due or "-"),
            _after(each),
            markdown_line(" ".join(filter(None, (each.because, each.citation)))),
        )


def _after(timing: Timing) -> str:
    return "no time is known" if timing.limit is None else str(timing.told_after)


def _samples(samples: Iterable[Sample]) -> Iterator[str]:
    yield ""
    yield "## Messages"
    yield ""
    yield from _table(("version", "language", "file", "recipient"))
    for each in samples:
        who = "values masked" if each.row is None else f"row {each.row}: {each.compared}"
        yield _row(
            each.version, markdown_line(each.language), markdown_code(each.file), markdown_line(who)
        )


def _table(columns: tuple[str, ...]) -> Iterator[str]:
    yield _row(*columns)
    yield f"|{'---|' * len(columns)}"


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _at(at: dt.datetime | None, zone: str) -> str:
    return "never" if at is None else shown(at, zone_of(zone))
