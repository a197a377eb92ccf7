"""What a command means when it does not say: who is acting, which target, which channel."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from ccir.config.complaints import suggestion
from ccir.config.settings import SETTINGS_FILE, Settings
from ccir.errors import UnavailableError, UsageError

Family = Literal["targets", "channels"]

_EXAMPLES: dict[Family, tuple[str, ...]] = {
    "targets": (
        'tool = "restic"',
        'repository = "/srv/backup/{purpose}"',
        'password_file = "/etc/ccir/{purpose}.password"',
    ),
    "channels": (
        'kind = "smtp"',
        'host = "mail.example.org"',
        "port = 25",
        'from = "incident@example.org"',
    ),
}


def author(settings: Settings, given: str | None, login: str) -> str:
    """Return the id of the person who acts.

    Asked in this order: the person named by `--as` or `CCIR_AS`; the one whose `login` is
    this account; the only one there is.

    Raises:
        UsageError: no such person, or several could be meant.
    """
    if given is not None:
        return _known(settings, given)
    own = [name for name, person in settings.people.items() if person.login == login]
    candidates = own or list(settings.people)
    if len(candidates) == 1:
        return candidates[0]
    raise _unclear(settings, candidates, login=login)


def binding(settings: Settings, purpose: str, family: Family) -> str | None:
    """Return the id of the target or channel that a playbook's purpose stands for.

    Asked in this order: what `[bindings]` says; the one of the same id; the only one there
    is. None where this leaves it open, see `missing_binding`.
    """
    members = _members(settings, family)
    bound = settings.bindings.get(purpose)
    for name in (bound, purpose):
        if name is not None and name in members:
            return name
    return next(iter(members)) if len(members) == 1 else None


def missing_binding(settings: Settings, purpose: str, family: Family) -> UnavailableError:
    """Return the error for a purpose that nothing is bound to, with the lines to add."""
    members = _members(settings, family)
    lines = _binding_lines(purpose, members) if members else _member_lines(purpose, family)
    return UnavailableError(
        f"no {family.removesuffix('s')} is bound to '{purpose}'",
        hint="\n".join([f"add to {settings.folder / SETTINGS_FILE}:", *lines]),
    )


def _known(settings: Settings, given: str) -> str:
    if given in settings.people:
        return given
    raise UsageError(
        f"no person of this workspace has the id {given!r}",
        hint=suggestion(given, settings.people) or f"add [people.{given}] to {SETTINGS_FILE}",
    )


def _unclear(settings: Settings, candidates: list[str], *, login: str) -> UsageError:
    if not candidates:
        return UsageError(
            f"{SETTINGS_FILE} names no people, so nobody can be recorded as acting",
            hint=f'add [people.NAME] with login = "{login}" to {settings.folder / SETTINGS_FILE}',
        )
    named = ", ".join(f"{name} ({settings.people[name].name})" for name in sorted(candidates))
    return UsageError(
        f"it is not clear who is acting: {named}",
        hint=f'say it with --as {min(candidates)}, or give one person alone login = "{login}"',
    )


def _members(settings: Settings, family: Family) -> Collection[str]:
    return settings.targets if family == "targets" else settings.channels


def _binding_lines(purpose: str, members: Collection[str]) -> list[str]:
    first, *others = sorted(members)
    or_else = f"  # or {', '.join(others)}" if others else ""
    return ["[bindings]", f'{purpose} = "{first}"{or_else}']


def _member_lines(purpose: str, family: Family) -> list[str]:
    lines = (line.format(purpose=purpose) for line in _EXAMPLES[family])
    return [f"[{family}.{purpose}]", *lines]
