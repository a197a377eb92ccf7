"""What a channel is: what it is given, what it answers, and how a kind of channel is built."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from difflib import get_close_matches
from pathlib import Path
from typing import Generic, Literal, Protocol, TypeVar

import msgspec

from ccir import registry
from ccir.clock import Clock
from ccir.domain.notices import Receipt
from ccir.domain.outcomes import CheckResult
from ccir.domain.quiet_hours import QuietHours
from ccir.entropy import Entropy
from ccir.errors import InvalidDocumentError

Form = Literal["mail", "sms", "letter"]

NO_DOMAIN = "ccir.invalid"  # RFC 6761: a name that nobody can own


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One rendered message to one recipient.

    `html` may be empty. `sms` is the short form, empty where the notice has none; `postal` are
    the lines of the recipient's address on paper, none where it is not known, and `phone` is
    her number in E.164, empty where it is not known. `message_id`
    stands without angle brackets. `message_id` and `date` are the same each time this message
    is sent again, so its bytes are the same too. By `bounce_tag` a message that comes back is
    known; empty where none is wanted.
    """

    to: str
    subject: str
    text: str
    html: str = ""
    sms: str = ""
    language: str
    postal: tuple[str, ...] = ()
    phone: str = ""
    message_id: str
    date: dt.datetime
    bounce_tag: str = ""


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What a sender has to know about a channel.

    `personal`: each message goes to its own recipient; otherwise every message goes to the
    same room, so that a list of recipients makes no sense. `domain` is the host part for
    message ids. `per_second` is the most messages a second, None where there is no limit;
    `per_domain` that to one mail domain, unless `domain_rates` names another for it. Rates begin
    at a tenth and grow evenly for `ramp_up_seconds`. `lanes` is how often the channel may be open
    at once. `form` is what it sends of a message: `mail` (subject, text, HTML), `sms`, or
    `letter` (subject, text, HTML, postal address). `is_batched`: what it accepted is finished
    when it is closed, and opening it once more finishes what a crash left.
    """

    personal: bool = True
    form: Form = "mail"
    is_batched: bool = False
    domain: str = NO_DOMAIN
    per_second: float | None = None
    per_domain: float | None = None
    domain_rates: dict[str, float] = {}
    ramp_up_seconds: float = 0.0
    lanes: int = 1
    quiet: QuietHours | None = None


class Session(Protocol):
    """An open way to the other side."""

    def send(self, message: Message) -> Receipt:
        """Give one message to the other side and return what it said.

        Whatever is raised as a `CcirError` means that nothing of this message was taken.

        Raises:
            UnavailableError: no message can be sent at present; the recipient is not at fault.
            InvalidDocumentError: this message cannot be put into the channel's form.
        """
        ...


class Channel(Protocol):
    """A way to reach people, set up but not open."""

    @property
    def traits(self) -> Traits:
        """Return what a sender has to know."""
        ...

    def open(self) -> AbstractContextManager[Session]:
        """Open the way to the other side; leaving the context closes it.

        Raises:
            UnavailableError: the other side cannot be reached or lets nobody in.
        """
        ...

    def probe(self) -> CheckResult:
        """Find out whether the other side can be reached, without sending anything."""
        ...


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel may use of the world; relative paths start at `folder`, the workspace."""

    folder: Path
    clock: Clock
    entropy: Entropy
    environment: Mapping[str, str] = {}


S = TypeVar("S", bound=msgspec.Struct)


class Kind(Generic[S]):
    """What a member of this family is: its settings, and how a channel is made of them.

    `settings` is the type of the channel's table in `ccir.toml` without the key `kind`.
    """

    def __init__(
        self, settings: type[S], *, build: Callable[[str, S, Surroundings], Channel]
    ) -> None:
        self.settings = settings
        self.build = build

    def configure(
        self, name: str, table: Mapping[str, object], surroundings: Surroundings
    ) -> Channel:
        """Return the channel that a table of settings describes.

        Raises:
            InvalidDocumentError: a key is unknown or missing, or a value does not fit.
        """
        self._refuse_unknown(name, table)
        try:
            settings = msgspec.convert(dict(table), type=self.settings, strict=True)
        except msgspec.ValidationError as error:
            raise InvalidDocumentError(
                f"[channels.{name}] cannot be used: {error}", hint="correct it in ccir.toml"
            ) from error
        return self.build(name, settings, surroundings)

    def _refuse_unknown(self, name: str, table: Mapping[str, object]) -> None:
        known = [field.encode_name for field in msgspec.structs.fields(self.settings)]
        for key in table:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(known)}"
                raise InvalidDocumentError(f"[channels.{name}] has no setting '{key}'", hint=hint)


def configure(name: str, table: Mapping[str, object], surroundings: Surroundings) -> Channel:
    """Return the channel of a table `[channels.NAME]`, whose `kind` names the member.

    Raises:
        InvalidDocumentError: the kind is missing, or the table does not fit it.
        NotFoundError: there is no such kind.
    """
    settings = dict(table)
    kind = settings.pop("kind", None)
    if not isinstance(kind, str):
        known = ", ".join(registry.names("channels"))
        raise InvalidDocumentError(
            f"[channels.{name}] does not say its kind", hint=f"one of: {known}"
        )
    return kind_of(kind).configure(name, settings, surroundings)


def kind_of(name: str) -> Kind[msgspec.Struct]:
    """Return the kind of channel of that name.

    Raises:
        NotFoundError: there is no such kind.
        InvalidDocumentError: an installed package offers something else under that name.
    """
    found = registry.member("channels", name)
    if not isinstance(found, Kind):
        raise InvalidDocumentError(
            f"the channel kind '{name}' is no Kind", hint="remove its package"
        )
    return found
