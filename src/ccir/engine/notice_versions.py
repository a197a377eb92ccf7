"""Makes a numbered version of a notice: its text in every language, its recipients, its channel.

1. The text of every language, the facts and the organisation are pinned: what is approved is
   what goes out, whatever the files and facts say later.
2. Every recipient's message is rendered once before the version is stored: a value that is
   missing in one row stops the whole notice now, not half-way through the sending.
3. Who may have been told by an earlier version is left out, unless the notice goes to them
   again on purpose (a correction).
4. The digest covers the texts, the values, the recipients and the channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import msgspec

from ccir.catalog.environment import RenderError
from ccir.catalog.rendering import RenderedText
from ccir.config.choice import binding, missing_binding
from ccir.delivery.recipients import RecipientList, Rejected, Totals
from ccir.domain.commands import StoreVersion
from ccir.domain.deciding_notices import existing_notice, latest_version
from ccir.domain.notices import Recipient
from ccir.domain.playbook import Notice
from ccir.domain.record import canonical, digest
from ccir.domain.run import Run, VersionRecord
from ccir.engine.attendant import Attendant
from ccir.engine.channels import channel_named
from ccir.engine.handle import handle, load, refuse_closed
from ccir.engine.notice_content import ContentCheck, checked_content
from ccir.engine.notice_texts import Letters, NoticeText, letters, notice_text, texts_of
from ccir.engine.workspace import Workspace
from ccir.errors import InvalidDocumentError, NotFoundError, RefusedError, UsageError

RECIPIENTS_FOLDER = "recipients"
_LIST_BYTES = 8
_COMPLAINTS_SHOWN = 10
_PROGRESS_EVERY = 250


class PreviewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks for; `again` includes those whom an earlier version may have told."""

    notice: str
    by: str
    recipients: Path | None = None
    channel: str | None = None
    again: bool = False


class Previewed(msgspec.Struct, frozen=True, kw_only=True):
    """A stored version, what became of the list's rows, and one message in each language.

    `content` says what the text lacks of what the notice's rules require.
    """

    notice: Notice
    version: VersionRecord
    totals: Totals | None
    rejected: tuple[Rejected, ...]
    samples: dict[str, RenderedText]
    content: ContentCheck = ContentCheck()


def preview(
    workspace: Workspace, run_id: str, order: PreviewOrder, *, attendant: Attendant
) -> Previewed:
    """Render a notice for all its recipients and store that as its next version.

    Raises:
        UnavailableError: no channel is bound to the notice's purpose.
        NotFoundError: the notice, the channel, the list or a template does not exist.
        InvalidDocumentError: a message cannot be rendered, or the list cannot be read.
        RefusedError: nobody is left to be told, or a version is being sent.
    """
    run = load(workspace, run_id).run
    notice = existing_notice(run, order.notice)
    refuse_closed(run)
    channel = _channel_name(workspace, notice, order.channel)
    text = notice_text(workspace, run, notice)
    making = _Making(workspace, run, text=text, attendant=attendant)
    told = set() if order.again else workspace.stores.ledger.told(run.id, notice.id)
    list_id = f"{run.id}-{notice.id}-{workspace.entropy.octets(_LIST_BYTES).hex()}"
    with ExitStack() as files:
        people = None
        if channel_named(workspace, channel).traits.personal:
            file = files.enter_context(_opened(_file(workspace, notice, order.recipients)))
            people = making.listed(file)
        kept = making.kept(_room(text, channel) if people is None else people, told)
        summary = workspace.stores.people.add_list(run.id, list_id, kept)
    making.refuse_nobody()
    totals = None if people is None else people.totals
    command = StoreVersion(
        by=order.by,
        notice=notice.id,
        digest=digest(canonical([text, channel, summary.digest, summary.count])),
        text=workspace.stores.people.seal_bytes(run.id, canonical(text)),
        channel=channel,
        list=list_id,
        recipients=summary.count,
        rejected=len(making.rejected),
        duplicates=making.repeated + (0 if totals is None else totals.duplicates),
        already_told=making.already_told,
        languages=summary.languages,
    )
    run = handle(workspace, run.id, command).run
    return Previewed(
        notice=notice,
        version=latest_version(run, notice.id),
        totals=totals,
        rejected=tuple(making.rejected),
        samples=making.samples,
        content=checked_content(workspace, run, notice=notice, text=text, samples=making.samples),
    )


def sample(workspace: Workspace, version: VersionRecord) -> dict[str, RenderedText]:
    """Return a stored version's message to the first recipient of each language."""
    writers = letters(texts_of(workspace, version))
    found: dict[str, RenderedText] = {}
    for recipient in workspace.stores.people.recipients(version.list):
        if recipient.language not in found:
            found[recipient.language] = writers.render(recipient)
        if len(found) == len(version.languages):
            break
    return found


class _Making:
    """One preview under way: counts, complaints and samples grow while the list is read."""

    def __init__(
        self, workspace: Workspace, run: Run, *, text: NoticeText, attendant: Attendant
    ) -> None:
        self._workspace = workspace
        self._run = run
        self._text = text
        self._attendant = attendant
        self._letters: Letters = letters(text)
        self._complaints: list[str] = []
        self._written = 0
        self.rejected: list[Rejected] = []
        self.samples: dict[str, RenderedText] = {}
        self.already_told = 0
        self.repeated = 0

    def listed(self, file: BinaryIO) -> RecipientList:
        """Return the file's recipients, to be run through once."""
        return RecipientList(file, languages=self._text.languages, reject=self.rejected.append)

    def kept(self, people: Iterable[Recipient], told: set[str]) -> Iterator[Recipient]:
        """Yield whom the version goes to, after her message was rendered without a fault.

        Raises:
            InvalidDocumentError: messages cannot be rendered; the first few rows are named.
        """
        seen: set[str] = set()
        for recipient in people:
            key = self._workspace.stores.people.key_of(recipient.address)
            if key in told:
                self.already_told += 1
            elif key in seen:
                self.repeated += 1
            else:
                seen.add(key)
                self._write(recipient)
                yield recipient
        if self._complaints:
            raise InvalidDocumentError(
                "\n".join(self._complaints), hint="correct facts or rows, then preview again"
            )

    def refuse_nobody(self) -> None:
        """Refuse a version that reaches nobody.

        Raises:
            RefusedError: everybody was told already.
            InvalidDocumentError: the list names nobody.
        """
        if self._written:
            return
        if self.already_told:
            raise RefusedError(
                f"all {self.already_told} recipients may have been told by an earlier version",
                hint="--again sends a correction to them on purpose",
            )
        raise InvalidDocumentError(
            "the list names nobody", hint="its rows are email,name,language and free columns"
        )

    def _write(self, recipient: Recipient) -> None:
        self._written += 1
        if self._written % _PROGRESS_EVERY == 0:
            self._attendant.progress("render messages", self._written, None)
        try:
            rendered = self._letters.render(recipient)
        except RenderError as error:
            if len(self._complaints) < _COMPLAINTS_SHOWN:
                self._complaints.append(f"row {recipient.row}: {error.message}")
            return
        self.samples.setdefault(recipient.language, rendered)


def _room(text: NoticeText, channel: str) -> Iterator[Recipient]:
    """Yield the one recipient that stands for everybody in a team's room."""
    yield Recipient(row=1, address=channel, name=channel, language=text.languages[0])


def _channel_name(workspace: Workspace, notice: Notice, given: str | None) -> str:
    channels = workspace.settings.channels
    if given is not None:
        if given not in channels:
            raise NotFoundError(
                f"there is no channel '{given}'", hint=f"known: {', '.join(channels) or 'none'}"
            )
        return given
    name = binding(workspace.settings, notice.channel, "channels")
    if name is None:
        raise missing_binding(workspace.settings, notice.channel, "channels")
    return name


def _file(workspace: Workspace, notice: Notice, given: Path | None) -> Path:
    if given is not None:
        return given
    usual = workspace.folder / RECIPIENTS_FOLDER / f"{notice.recipients}.csv"
    if usual.is_file():
        return usual
    raise UsageError(
        f"who is to be told by '{notice.id}' is not known ({notice.recipients})",
        hint=f"give --recipients FILE.csv, or keep the list as {RECIPIENTS_FOLDER}/"
        f"{notice.recipients}.csv in the workspace",
    )


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise NotFoundError(
            f"the list '{file}' cannot be opened: {error.strerror}",
            hint="give a CSV file whose header is email,name,language",
        ) from error
