"""Free text on its way into the sealed store and back."""

from __future__ import annotations

from ccir.domain.cards import has_card_number, without_card_numbers
from ccir.domain.events import Sealed
from ccir.engine.workspace import Workspace
from ccir.errors import RefusedError, UsageError

TEXT_LIMIT = 20_000


def seal(workspace: Workspace, run_id: str, text: str) -> Sealed:
    """Keep what a person wrote outside the log.

    Raises:
        UsageError: it is empty or longer than `TEXT_LIMIT` characters.
        RefusedError: it holds what looks like a payment card number.
    """
    return workspace.stores.people.seal(run_id, fit_words(text))


def fit_words(text: str) -> str:
    """Return what a person wrote as it can be kept, before there is a run to keep it for.

    Raises:
        UsageError: it is empty or longer than `TEXT_LIMIT` characters.
        RefusedError: it holds what looks like a payment card number.
    """
    words = text.strip()
    if not words or len(words) > TEXT_LIMIT:
        raise UsageError(
            f"a text has 1 to {TEXT_LIMIT} characters, this one has {len(words)}",
            hint="add a long text as a file: `ccir evidence add FILE`",
        )
    refuse_card_number(words)
    return words


def seal_if_any(workspace: Workspace, run_id: str, text: str | None) -> Sealed | None:
    """Keep a text that may be missing."""
    return None if text is None or not text.strip() else seal(workspace, run_id, text)


def seal_output(workspace: Workspace, run_id: str, text: str) -> Sealed | None:
    """Keep what a program said, if anything; unlike a person's words it is mended, not refused."""
    words = without_card_numbers(text.strip())[:TEXT_LIMIT]
    return workspace.stores.people.seal(run_id, words) if words else None


def opened(workspace: Workspace, sealed: Sealed | None) -> str | None:
    """Return the text, or None where there was none or it was erased."""
    return None if sealed is None else workspace.stores.people.unseal(sealed)


def refuse_card_number(text: str) -> None:
    """Refuse a text that would stand in the log itself.

    Raises:
        RefusedError: it holds what looks like a payment card number.
    """
    if has_card_number(text):
        raise RefusedError(
            "the text looks like it holds a payment card number",
            hint="card numbers are never kept here: write the last four digits at most",
        )
