"""What `ccir.toml` says, as typed values."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from ccir.config.duties import Contract, Duties
from ccir.config.values import (
    Address,
    Duration,
    EmailAddress,
    File,
    Id,
    Line,
    Seconds,
    SecureAddress,
    WebAddress,
    Zone,
)

SETTINGS_FILE = "ccir.toml"
STATE_FOLDER = ".ccir"
DOCUMENT_FOLDERS = ("playbooks", "runbooks", "notify_templates", "drills")
SCRATCH_FOLDER = f"{STATE_FOLDER}/scratch"

ChannelValue = Annotated[
    str | bool | int | float | list[str] | dict[str, str],
    Meta(description="a text, number, true or false, a list of texts, or a table of texts"),
]
_CREDENTIALS = re.compile(r"(?<=//).*@")


class Organisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The contact centre itself, as notices name it; `timezone` is where its clocks hang."""

    name: Line
    timezone: Zone
    hotline: Line | None = None
    email: EmailAddress | None = None
    status_page: WebAddress | None = None
    address: Line | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who works on incidents.

    `out_of_band` says how to reach her when mail and chat are compromised, `login` is her
    operating-system account, `roles` are what she may act and approve as. A `simulated`
    person stands in a demonstration and is labelled so.
    """

    name: Line
    email: EmailAddress | None = None
    phone: Line | None = None
    out_of_band: Line | None = None
    login: Line | None = None
    roles: tuple[Id, ...] = ()
    simulated: bool = False


class Target(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup protects: where it lies, how it is opened, and what was promised.

    `tool` names a member of the backup family. `hosts`, `tags` and `paths` select snapshots.
    `rpo_seconds` is how old the newest snapshot may be, `rto_seconds` how long a restore may
    take, `deadline_seconds` how long one call of the tool at most. No snapshot younger than
    `retention_seconds` is ever removed; with `append_only` whoever backs up cannot delete.
    `environment_file` holds variables for the tool, see `ccir.config.environment_file`.
    """

    tool: Id
    repository: Address
    password_file: File | None = None
    password_command: tuple[Line, ...] = ()
    hosts: tuple[Line, ...] = ()
    tags: tuple[Line, ...] = ()
    paths: tuple[Line, ...] = ()
    rpo_seconds: Duration | None = msgspec.field(default=None, name="rpo")
    rto_seconds: Duration | None = msgspec.field(default=None, name="rto")
    deadline_seconds: Duration | None = msgspec.field(default=None, name="deadline")
    retention_seconds: Duration | None = msgspec.field(default=None, name="retention")
    append_only: bool = False
    environment_file: File | None = None

    @property
    def shown_repository(self) -> str:
        """Return the repository's address without a user name and password."""
        return _CREDENTIALS.sub("***@", str(self.repository))

    def __repr__(self) -> str:
        """Return the tool and the place; a password command may hold a secret."""
        return f"Target(tool={self.tool!r}, repository={self.shown_repository!r}, …)"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Return what `repr` shows: rich would show every field."""
        return [("tool", self.tool), ("repository", self.shown_repository)]


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A way to reach people: the channel's kind, and settings that only its kind understands.

    `ccir.config.channel_settings` turns `settings` into the kind's own type.
    """

    kind: Id
    settings: dict[str, ChannelValue] = {}

    def __repr__(self) -> str:
        """Return the kind and the names of the settings; a value may be a secret."""
        return f"Channel(kind={self.kind!r}, settings={sorted(self.settings)!r})"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Return what `repr` shows: rich would show every field."""
        return [("kind", self.kind), ("settings", sorted(self.settings))]


class Approvals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How two approvals of a notice are told apart.

    `people`: two persons of `[people]`. `accounts`: these must also have used two accounts
    of the operating system.
    """

    two_person: Literal["people", "accounts"] = "people"


class Restore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where drills restore to; each uses a private folder below `scratch`."""

    scratch: File = Path(SCRATCH_FOLDER)


class Drills(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told of drills to others.

    `metrics_file` is read by Prometheus' node exporter. `ping_url`, or the one line of
    `ping_url_file`, is called when a drill begins and ends; who knows it may call it too, so it
    is a secret. `alert` is the channel that tells people, `alert_to` who they are where it
    reaches each by herself, and `alert_errors_after` how many errors in a row they are told of.
    """

    metrics_file: File | None = None
    ping_url: WebAddress | None = None
    ping_url_file: File | None = None
    alert: Id | None = None
    alert_to: tuple[Id, ...] = ()
    alert_errors_after: Annotated[int, Meta(ge=1, le=100)] = 3

    def __repr__(self) -> str:
        """Return the metrics file and the channel; the ping's address is a secret."""
        return f"Drills(metrics_file={self.metrics_file!r}, alert={self.alert!r}, …)"

    def __rich_repr__(self) -> list[tuple[str, object]]:
        """Return what `repr` shows: rich would show every field."""
        return [("metrics_file", self.metrics_file), ("alert", self.alert)]


class Acks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where recipients confirm notices: the address that `ccir serve --acks` is reached under.

    A link is good for `valid_seconds` after the time in which a notice asks for the answer.
    """

    url: SecureAddress | None = None
    valid_seconds: Duration = msgspec.field(default=Seconds(14 * 86_400), name="valid_for")


class Privacy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may see recipients in full: one of `unmask_roles`.

    Without any, it is those who may approve the notice, else the commander. Lists of recipients
    are sealed to the holders of `age_recipients` (public keys); without any, to the installation.
    """

    unmask_roles: tuple[Id, ...] = ()
    age_recipients: tuple[Line, ...] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace's settings; `folder` is the workspace, absolute.

    `bindings` maps a purpose that playbooks name to a target or a channel.
    """

    folder: Path
    organisation: Organisation
    people: dict[Id, Person] = {}
    targets: dict[Id, Target] = {}
    bindings: dict[Id, Id] = {}
    channels: dict[Id, Channel] = {}
    approvals: Approvals = Approvals()
    privacy: Privacy = Privacy()
    restore: Restore = Restore()
    drills: Drills = Drills()
    acks: Acks = Acks()
    obligations: Duties = Duties()
    contracts: dict[Id, Contract] = {}

    @property
    def scratch(self) -> Path:
        """Return the absolute folder that drills restore below."""
        return self.folder / self.restore.scratch


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tables of `ccir.toml` as they are written; only loading reads it."""

    organisation: Organisation
    people: dict[Id, Person] = {}
    targets: dict[Id, Target] = {}
    bindings: dict[Id, Id] = {}
    channels: dict[Id, dict[str, ChannelValue]] = {}
    approvals: Approvals = Approvals()
    privacy: Privacy = Privacy()
    restore: Restore = Restore()
    drills: Drills = Drills()
    acks: Acks = Acks()
    obligations: Duties = Duties()
    contracts: dict[Id, Contract] = {}
