"""Makes what a print house sets by itself: a table with a row for each letter, and templates.

1. `NAME.csv` is UTF-8, every field in quotes, exactly as the notice says it: nothing is added
   that would be printed.
2. `NAME.LANGUAGE.html` is a page of A4 with the address in an envelope's window (DIN 5008 form B);
   each `«column»` stands for that column of the row.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from ccir.channels.outbox_letters import LIMIT_LINES, Letter

LIMIT_LETTERS: Final = 10_000
ADDRESS: Final = tuple(f"address_{number}" for number in range(1, LIMIT_LINES + 1))
COLUMNS: Final = ("letter", "language", "date", *ADDRESS, "subject", "text", "html")

_BODY: Final = "<body>\n"
_PAGE: Final = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>«subject»</title>
<style>
@page {{ size: A4; margin: 27mm 20mm 25mm 25mm; }}
body {{ font: 11pt serif; position: relative; }}
address {{ position: absolute; top: 35.7mm; width: 80mm; height: 27.3mm; font-style: normal; }}
time {{ position: absolute; top: 23mm; right: 0; }}
main {{ padding-top: 71.4mm; }}
</style>
</head>
<body>
<address>{address}</address>
<time>«date»</time>
<main>
<p><strong>«subject»</strong></p>
«html»
</main>
</body>
</html>
"""


class PrintTable:
    """Makes tables for a print house; dates are those of the zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    @property
    def prefix(self) -> str:
        """Return what the names of its products begin with."""
        return "print"

    @property
    def limit(self) -> int:
        """Return how many rows a table may have."""
        return LIMIT_LETTERS

    def group(self, letter: Letter) -> str:  # noqa: ARG002 - the languages of a version share one
        """Return the same for all letters: a table holds every language."""
        return ""

    def make(self, letters: Sequence[Letter]) -> Mapping[str, bytes]:
        """Return the table, and the template of each of its languages."""
        languages = sorted({letter.language for letter in letters})
        templates = {f".{language}.html": _template(language) for language in languages}
        return {".csv": self._table(letters), **templates}

    def _table(self, letters: Sequence[Letter]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        writer.writerows(self._row(letter) for letter in letters)
        return text.getvalue().encode()

    def _row(self, letter: Letter) -> list[str]:
        at = dt.datetime.fromisoformat(letter.date).astimezone(self._zone)
        address = [*letter.postal, *[""] * LIMIT_LINES][:LIMIT_LINES]
        fragment = letter.html.partition(_BODY)[2].removesuffix("</body>\n</html>\n")
        return [
            letter.letter,
            letter.language,
            f"{at:%Y-%m-%d}",
            *address,
            letter.subject,
            letter.text,
            fragment or letter.html,
        ]


def _template(language: str) -> bytes:
    address = "<br>".join(f"«{column}»" for column in ADDRESS)
    return _PAGE.format(language=language, address=address).encode()
