"""The events of duties to tell somebody: met, explained, waived."""

from __future__ import annotations

import datetime as dt

from ccir.domain.event_parts import Event, Pin, Sealed


class DutyMet(Event, frozen=True, kw_only=True):
    """Somebody was told as a rule asks: by a submission, or by a notice of this run.

    `evidence` is the SHA-256 of the receipt; `reason` says why it came late.
    """

    rule: str
    reference: Sealed | None = None
    evidence: str | None = None
    notice: str | None = None
    reason: Sealed | None = None


class DelayExplained(Event, frozen=True, kw_only=True):
    """Why somebody was told late, or is not told yet."""

    rule: str
    reason: Sealed


class DutyWaived(Event, frozen=True, kw_only=True):
    """Somebody decided not to tell; it counts once a second person confirms it.

    On `review_on` the decision is looked at again.
    """

    rule: str
    reason: Sealed
    review_on: dt.date


class WaiverConfirmed(Event, frozen=True, kw_only=True):
    """A second person stands for the decision not to tell."""

    rule: str


class RulesRenewed(Event, frozen=True, kw_only=True):
    """The run's clocks are held to other rules, settings and contracts from now on."""

    rules: Pin
    reason: Sealed
