"""The texts and sampled messages of a proof: as templates, masked, or rebuilt byte for byte."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ccir.catalog.environment import RenderError
from ccir.catalog.rendering import RenderedText
from ccir.channels.interface import Message
from ccir.channels.mime import Letterhead, assemble
from ccir.delivery.letter_text import Letters
from ccir.delivery.message_ids import message_id
from ccir.domain.ledger import LedgerRow
from ccir.domain.notices import Recipient, masked
from ccir.domain.record import canonical, digest
from ccir.domain.run import Run, VersionRecord
from ccir.engine.channels import channel_named
from ccir.engine.notice_links import COLUMN, Links
from ccir.engine.notice_proof_model import DigestParts, Sample
from ccir.engine.notice_rows import key_of
from ccir.engine.notice_texts import NoticeText, letters
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError
from ccir.evidence.bundles import Bundle

_PLACES = frozenset({"country", "country_name", "subdivision", "us_state"})
_UNCOMPARED = "not compared: what a channel of this kind sends is not kept as one file"


def digest_parts(workspace: Workspace, version: VersionRecord, text: NoticeText) -> DigestParts:
    """Return what the version's digest covers."""
    return DigestParts(
        text=digest(canonical(text)),
        templates={name: digest(body.encode()) for name, body in text.templates.items()},
        values=digest(canonical(text.values)),
        channel=version.channel,
        list=_list_digest(workspace, version),
        recipients=version.recipients,
        per_second=version.per_second,
        not_before=version.not_before,
    )


def add_texts(
    workspace: Workspace, made: Bundle, *, version: VersionRecord, text: NoticeText
) -> list[Sample]:
    """Write the version's templates, and one message in each language with its values masked."""
    folder = f"version-{version.version}/text"
    for language, template in text.templates.items():
        made.add(f"{folder}/{language}.md.j2", [template.encode()])
    writers = letters(text)
    return [
        _masked_sample(made, writers, version=version, recipient=recipient, folder=folder)
        for recipient in _first_of_each(workspace, version, text)
    ]


def add_messages(
    workspace: Workspace,
    made: Bundle,
    run: Run,
    *,
    version: VersionRecord,
    text: NoticeText,
    rows: list[LedgerRow],
) -> list[Sample]:
    """Write whole messages to their recipients, and compare them with the ledger."""
    key = key_of(run, version)
    writers, links = letters(text), Links(workspace, key, text.values)
    domain = channel_named(workspace, version.channel).traits.domain
    samples = []
    for row in rows:
        person = links.one(version.list, row.row)
        written = writers.render(person)
        message = Message(
            to=person.address,
            subject=written.subject,
            text=written.text,
            html=written.html,
            language=written.language,
            message_id=message_id(key, row.recipient_key, domain=domain),
            date=version.at,
        )
        samples.append(_full_sample(workspace, made, version, message=message, row=row))
    return samples


def _full_sample(
    workspace: Workspace,
    made: Bundle,
    version: VersionRecord,
    *,
    message: Message,
    row: LedgerRow,
) -> Sample:
    name = f"version-{version.version}/messages/row-{row.row}"
    head = _letterhead(workspace, version.channel)
    if head is None:
        file = made.add(f"{name}.txt", [f"{message.subject}\n\n{message.text}".encode()])
        compared = _UNCOMPARED
    else:
        file = made.add(f"{name}.eml", [assemble(message, head)])
        compared = _compared(file.sha256, row)
    return Sample(
        version=version.version,
        language=message.language,
        file=file.path,
        row=row.row,
        sha256=file.sha256,
        compared=compared,
    )


def _compared(sha256: str, row: LedgerRow) -> str:
    if row.evidence is None:
        return "not compared: the ledger has no digest of this row"
    if row.evidence.sha256 == sha256:
        return "bytes match the ledger"
    return "bytes differ from the ledger's: ccir or the channel's letterhead changed since"


def _letterhead(workspace: Workspace, channel: str) -> Letterhead | None:
    """Return the letterhead of a channel that sends mail by SMTP; None of another kind."""
    found = workspace.settings.channels.get(channel)
    if found is None or found.kind != "smtp":
        return None
    words = {name: str(value) for name, value in found.settings.items()}
    return Letterhead(
        sender=words["from"],
        sender_name=words.get("from_name", ""),
        reply_to=words.get("reply_to", ""),
    )


def _first_of_each(
    workspace: Workspace, version: VersionRecord, text: NoticeText
) -> Iterator[Recipient]:
    """Yield the first recipient of each language, masked; none where the list is gone."""
    has_link = COLUMN in text.values.get("recipient", {})
    missing = {*version.languages}
    try:
        for recipient in workspace.stores.people.recipients(version.list):
            if recipient.language in missing:
                missing.discard(recipient.language)
                yield _hidden(recipient, has_link=has_link)
            if not missing:
                return
    except NotFoundError:
        return


def _hidden(recipient: Recipient, *, has_link: bool) -> Recipient:
    """Return the recipient with a stand-in for what is hers alone; where she lives is kept."""
    columns = {
        name: value if name in _PLACES or not value.strip() else f"[{name}]"
        for name, value in recipient.columns.items()
    }
    return msgspec.structs.replace(
        recipient,
        address=masked(recipient.address),
        name="[name]",
        columns={**columns, COLUMN: f"[{COLUMN}]"} if has_link else columns,
    )


def _masked_sample(
    made: Bundle, writers: Letters, *, version: VersionRecord, recipient: Recipient, folder: str
) -> Sample:
    try:
        words = _in_words(writers.render(recipient))
    except RenderError as error:
        words = f"With masked values this text cannot be rendered: {error.message}\n"
    file = made.add(f"{folder}/{recipient.language}.sample.txt", [words.encode()])
    return Sample(
        version=version.version, language=recipient.language, file=file.path, sha256=file.sha256
    )


def _in_words(written: RenderedText) -> str:
    parts = [f"Subject: {written.subject}", written.text.strip()]
    if written.sms:
        parts.append(f"SMS: {written.sms}")
    return "\n\n".join(parts) + "\n"


def _list_digest(workspace: Workspace, version: VersionRecord) -> str:
    try:
        return workspace.stores.people.list_summary(version.list).digest
    except NotFoundError:
        return ""
