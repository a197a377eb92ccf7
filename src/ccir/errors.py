"""The tree of errors a person can meet: code, message, hint and exit status."""

from __future__ import annotations

from typing import ClassVar


class CcirError(Exception):
    """Something a person can act on: what is wrong, and what to do now.

    `code` is a stable word for programs; `exit_status` is the process's exit status.
    """

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = 70

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CcirError):
    """The words of the call do not fit, or leave a choice that ccir will not guess."""

    code = "usage"
    exit_status = 2


class InvalidDocumentError(CcirError):
    """A document or setting that a person wrote cannot be used as it stands."""

    code = "invalid-document"
    exit_status = 2


class UnavailableError(CcirError):
    """A tool, service, target or channel is missing, unreachable, locked or full."""

    code = "unavailable"
    exit_status = 3


class ConflictError(CcirError):
    """Somebody else changed the run meanwhile, or holds ccir's own lock."""

    code = "conflict"
    exit_status = 4


class RefusedError(CcirError):
    """The rules of the run or of the workspace do not allow it."""

    code = "refused"
    exit_status = 5


class NotFoundError(CcirError):
    """No run, step, notice, document or file of that name is there."""

    code = "not-found"
    exit_status = 6


class StoreDamagedError(UnavailableError):
    """The store's file is foreign, newer, cut short or changed: it is not touched."""

    code = "store-damaged"
