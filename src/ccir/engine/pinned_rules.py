"""The rules that a run's clocks are held to: pinned at its start, renewed on purpose."""

from __future__ import annotations

import msgspec

from ccir.catalog.findings import DocumentError
from ccir.catalog.rulebook import canonical_rulebook, version_of
from ccir.domain.commands import RenewRules
from ccir.domain.events import Pin
from ccir.domain.playbook import Playbook
from ccir.domain.record import digest
from ccir.domain.rulebook import Rulebook, with_sectors
from ccir.domain.run import Run
from ccir.engine.handle import Handled, handle, load
from ccir.engine.run_clocks import present_rulebook
from ccir.engine.texts import seal
from ccir.engine.workspace import Workspace


class PinnedRules(msgspec.Struct, frozen=True, kw_only=True):
    """A rulebook for one playbook, its canonical bytes, and what names them in the log."""

    pin: Pin
    octets: bytes
    rulebook: Rulebook


def pinned_for(rulebook: Rulebook, playbook: Playbook) -> PinnedRules:
    """Return the rulebook as runs of that playbook pin it."""
    footing = with_sectors(rulebook.footing, playbook.sectors)
    rulebook = msgspec.structs.replace(rulebook, footing=footing)
    octets = canonical_rulebook(rulebook)
    pin = Pin(id="rules", version=version_of(rulebook), digest=digest(octets))
    return PinnedRules(pin=pin, octets=octets, rulebook=rulebook)


def renew(workspace: Workspace, run_id: str, *, reason: str, by: str) -> Handled:
    """Hold a run's clocks to the rules, settings and contracts as they are now.

    Raises:
        DocumentError: a file of rules has errors.
        RefusedError: nothing has changed, or the run is closed.
    """
    run = load(workspace, run_id).run
    rules = pinned_for(present_rulebook(workspace), run.playbook)
    command = RenewRules(by=by, rules=rules.pin, reason=seal(workspace, run_id, reason))
    return handle(workspace, run_id, command, pins={rules.pin.digest: rules.octets})


def rules_drift(workspace: Workspace, run: Run) -> bool:
    """Return whether rules, settings or contracts changed since the run pinned them."""
    if run.rules is None:
        return False
    try:
        present = present_rulebook(workspace)
    except DocumentError:
        return True
    return pinned_for(present, run.playbook).pin.digest != run.rules.digest
