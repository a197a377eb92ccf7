"""What a proof of notice says: versions, approvals, sendings, counts, timing and samples."""

from __future__ import annotations

import datetime as dt

import msgspec

from ccir.domain.events import Pin
from ccir.domain.notices import Counts
from ccir.domain.run import Approval

FORMAT = 1


class AsOf(msgspec.Struct, frozen=True, kw_only=True):
    """The last event of the run's log that the proof knows; everything follows from it."""

    seq: int
    hash: str
    at: dt.datetime


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Who refused a version, in which role and when; the reason stays sealed."""

    by: str
    role: str
    at: dt.datetime


class DigestParts(msgspec.Struct, frozen=True, kw_only=True):
    """What the digest of a version covers, each part by its SHA-256 or as it is."""

    text: str
    templates: dict[str, str]
    values: str
    channel: str
    list: str
    recipients: int
    per_second: float | None
    not_before: dt.datetime | None


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done with a version, by whom, when, and where the log says so."""

    seq: int
    at: dt.datetime
    by: str
    type: str
    text: str


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows ended in one state with one code of the other side."""

    state: str
    code: int
    count: int


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A message that is in the bundle: as the template gives it, or in full.

    `row` is None where personal values are masked. `compared` says whether the message's bytes
    are those that the ledger has the SHA-256 of, or why that cannot be said.
    """

    version: int
    language: str
    file: str
    row: int | None = None
    sha256: str = ""
    compared: str = ""


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of the list that are in no ledger; `queued` wait for a person, by their reason."""

    rejected: int
    duplicates: int
    already_told: int
    queued: dict[str, int]


class VersionProof(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the notice: what was approved, and how far it went.

    `digest_parts` is None where the text was erased. `reached` rows were taken and did not come
    back; `unknown` ones may or may not have been.
    """

    version: int
    digest: str
    digest_parts: DigestParts | None
    author: str
    at: dt.datetime
    channel: str
    recipients: int
    languages: dict[str, int]
    left_out: LeftOut
    approvals: tuple[Approval, ...]
    refusal: Refusal | None
    deeds: tuple[Deed, ...]
    reached: int
    unknown: int
    counts: Counts
    first_told_at: dt.datetime | None = None
    last_told_at: dt.datetime | None = None
    troubles: tuple[Trouble, ...] = ()


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """How the notice stands against one rule; `rule` is empty for the playbook's own due time.

    `plan_by` is the strict reading, `legal_due` the latest; `told_after` counts who was told after
    the latest reading's last instant, or after `plan_by` where there is no other.
    """

    rule: str
    citation: str
    plan_by: str | None
    legal_due: str | None
    limit: dt.datetime | None
    because: str
    told_after: int = 0


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """All that a proof of notice says in figures; the ledger's rows are files beside it."""

    format: int = FORMAT
    run: str
    kind: str
    playbook: Pin | None
    notice: str
    title: str
    audience: str
    zone: str
    as_of: AsOf
    versions: tuple[VersionProof, ...]
    timing: tuple[Timing, ...]
    samples: tuple[Sample, ...] = ()
    first_told_at: dt.datetime | None = None
    last_told_at: dt.datetime | None = None
