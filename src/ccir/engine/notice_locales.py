"""Writes a notice's moments and numbers as each of its languages does, while it is previewed.

1. Only a text that uses the filter `local` gets them; the others stay as they are.
2. They are pinned with the text: what was previewed is what is sent, wherever it is sent from.
3. Babel (the extra `languages`) knows the forms. Without it, and in languages that it does not
   know, `local` shows what is shown without it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from ccir.catalog.localised import LocalForms
from ccir.domain.events import FactValue
from ccir.domain.facts import moment_of
from ccir.domain.moments import zone_of
from ccir.domain.run import Run

if TYPE_CHECKING:
    from babel import Locale

_ASKED: Final = re.compile(r"\|\s*local\b")


def local_forms(run: Run, language: str, template: str) -> LocalForms:
    """Return the run's moments and numbers in the language, named as in the template's values.

    Empty where the template does not ask for them, or where nobody knows their forms.
    """
    locale = _locale(language) if _ASKED.search(template) else None
    if locale is None:
        return {}
    stated = {name: entry.value for name in run.facts if (entry := run.fact(name)) is not None}
    started_at = run.started_at
    return {
        "run": {} if started_at is None else {"started_at": _moment(started_at, run.zone, locale)},
        "facts": dict(_facts(run, stated, locale)),
    }


def _locale(language: str) -> Locale | None:
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        return None
    try:
        return Locale.parse(language, sep="-")
    except UnknownLocaleError:
        main = language.partition("-")[0]
        return None if main == language else _locale(main)


def _facts(run: Run, stated: Mapping[str, FactValue], locale: Locale) -> Iterator[tuple[str, str]]:
    from babel.numbers import format_decimal

    for name, value in stated.items():
        fact = run.playbook.fact(name)
        if isinstance(value, int) and not isinstance(value, bool):
            yield name, _spaced(format_decimal(value, locale=locale))
        elif fact is not None and fact.kind == "moment":
            moment = moment_of(value)
            if moment is not None:
                yield name, _moment(moment, run.zone, locale)


def _moment(moment: dt.datetime, zone: str, locale: Locale) -> str:
    """Return the day in words, the time with its zone, and in UTC where that is another."""
    from babel.dates import format_date, format_time

    local, utc = moment.astimezone(zone_of(zone)), moment.astimezone(dt.UTC)
    day = format_date(local, "long", locale=locale)
    said = _spaced(f"{day}, {format_time(local, 'short', locale=locale)}")
    if local.utcoffset() == dt.timedelta(0):
        return f"{said} UTC"
    other_day = f"{utc:%m-%d} " if utc.date() != local.date() else ""
    return f"{said} {_zone(local, locale)} ({other_day}{utc:%H:%M} UTC)"


def _spaced(text: str) -> str:
    """Return the text with plain spaces: a no-break space makes every SMS twice as long."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def _zone(local: dt.datetime, locale: Locale) -> str:
    """Return the zone's short name in the language, or its own where the language has none."""
    from babel.dates import get_timezone_name

    name = get_timezone_name(local, "short", locale=locale)
    return f"{local:%Z}" if name.startswith(("+", "-")) else name
