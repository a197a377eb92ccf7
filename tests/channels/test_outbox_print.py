from __future__ import annotations

import csv
import io
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ccir.channels.outbox_letters import letter_of
from ccir.channels.outbox_print import ADDRESS, COLUMNS, LIMIT_LETTERS, PrintTable
from support.mail import POSTAL, message

MAKER = PrintTable(ZoneInfo("Pacific/Auckland"))
HTML = "<!DOCTYPE html>\n<html>\n<body>\n<p>Hi <b>you</b></p>\n</body>\n</html>\n"


def rows(table: bytes) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(table.decode("utf-8")))]


def test_the_table_has_a_row_for_each_letter_with_all_that_is_printed() -> None:
    letter = letter_of(message(html=HTML, text='says "=1+1"\n'))
    [row] = rows(MAKER.make([letter])[".csv"])
    assert tuple(row) == COLUMNS
    assert [row[name] for name in ADDRESS] == [*POSTAL, "", "", ""]
    assert (row["letter"], row["language"]) == (letter.letter, "en")
    assert (row["subject"], row["text"]) == ("Your data", 'says "=1+1"\n')
    assert row["html"] == "<p>Hi <b>you</b></p>\n"


def test_the_date_is_that_of_the_zone() -> None:
    [row] = rows(PrintTable(ZoneInfo("Pacific/Kiritimati")).make([letter_of(message())])[".csv"])
    assert row["date"] == "2026-03-01"
    late = replace(letter_of(message()), date="2026-03-01T23:30:00+00:00")
    [row] = rows(MAKER.make([late])[".csv"])
    assert row["date"] == "2026-03-02"


def test_each_language_has_its_template_whose_fields_are_the_tables_columns() -> None:
    english = letter_of(message())
    german = letter_of(replace(message(number=2), language="de-AT"))
    made = MAKER.make([english, german])
    assert {*made} == {".csv", ".de-AT.html", ".en.html"}
    page = made[".de-AT.html"].decode()
    assert '<html lang="de-AT">' in page
    assert {name for name in COLUMNS if f"«{name}»" in page} == {
        *ADDRESS,
        "date",
        "subject",
        "html",
    }


def test_a_table_holds_every_language_and_has_a_bound() -> None:
    assert MAKER.group(letter_of(message())) == ""
    assert (MAKER.prefix, MAKER.limit) == ("print", LIMIT_LETTERS)
