from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from support.bound_notice import bound
from support.cli import Cli

FLAGGED = """\
email,name,language,minor,opt_out,deceased,phone
a@example.net,Ann,en,,,,
b@example.net,Bea,en,yes,,,
c@example.net,Cyd,en,,yes,,
a+news@example.net,Ann,en,,,,ask
d@example.net,Dot,en,maybe,,,
e@example.net,Eve,en,,,no,
e@example.net,Eve,en,,,yes,
"""


def written(cli: Cli, text: str, name: str = "list.csv") -> Path:
    path = cli.folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def flagged(begun: Cli) -> Cli:
    begun("fact", "set", "records=4100")
    written(begun, FLAGGED)
    return begun


def test_a_preview_says_what_became_of_every_row(flagged: Cli) -> None:
    made = flagged.json("notice", "preview", "customers", "--recipients", "list.csv")
    assert made["totals"] == {
        "read": 7,
        "kept": 2,
        "duplicates": 1,
        "rejected": 1,
        "fallbacks": 0,
        "queued": {"deceased": 1, "minor": 1},
        "left_out": 1,
        "already_told": 0,
        "suppressed": 0,
        "variants": 1,
        "odd_phones": 1,
    }
    assert (made["recipients"], made["query"]) == (2, None)
    assert made["variants"] == [{"row": 4, "of": 1}]
    assert made["rejected"] == [{"row": 5, "reason": "neither yes nor no in 'minor'"}]
    shown = flagged("notice", "preview", "customers", "--recipients", "list.csv").out
    assert "left out: 1 rejected, 1 duplicates, 1 opted out or excluded" in shown
    assert "waiting for a decision: 1 deceased, 1 minor: `ccir notice recipients" in shown
    assert "1 rows look like another spelling" in shown
    assert "1 phone numbers are none" in shown


def test_a_legal_notice_reaches_who_opted_out_only_by_a_decision(tmp_path: Path) -> None:
    cli = bound(tmp_path, ["EU-GDPR-34-DS"])
    cli("start", "mini", "--fact", "awareness=08:30", "--fact", "records=4100")
    written(cli, FLAGGED)
    preview = ("notice", "preview", "customers", "--recipients", "list.csv")
    made = cli.json(*preview)
    assert made["totals"]["queued"] == {"deceased": 1, "minor": 1, "opt-out": 1}
    assert made["totals"]["left_out"] == 0
    told = cli.json(*preview, "--include-queued", "opt-out", "--include-queued", "minor")
    assert told["totals"]["queued"] == {"deceased": 1}
    assert told["recipients"] == 4


def test_a_list_whose_people_all_wait_makes_no_version(flagged: Cli) -> None:
    written(flagged, "email,name,language,minor\na@example.net,Ann,en,yes\n")
    preview = ("notice", "preview", "customers", "--recipients", "list.csv")
    refused = flagged(*preview, status=5)
    assert "all 1 recipients wait for a person's decision" in refused.err
    assert "--include-queued" in refused.err
    assert flagged.json(*preview, "--include-queued", "minor")["recipients"] == 1
    assert (
        "nobody waits because of 'age'"
        in flagged(*preview, "--include-queued", "age", status=2).err
    )


def test_rejected_rows_are_written_to_a_private_file_without_an_address(flagged: Cli) -> None:
    flagged(
        "notice", "preview", "customers", "--recipients", "list.csv", "--rejects", "rejects.csv"
    )
    path = flagged.folder / "rejects.csv"
    assert path.read_text(encoding="utf-8") == "row,reason\n5,neither yes nor no in 'minor'\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_list_may_be_json_lines(flagged: Cli) -> None:
    written(flagged, '{"email": "a@example.net", "name": "Ann", "language": "de"}\n', "list.jsonl")
    made = flagged.json("notice", "preview", "customers", "--recipients", "list.jsonl")
    assert made["languages"] == {"de": 1}


def test_a_list_may_be_the_answer_to_a_query(flagged: Cli) -> None:
    with closing(sqlite3.connect(flagged.folder / "crm.db")) as database:
        database.execute("CREATE TABLE people (mail text, name text)")
        database.execute("INSERT INTO people VALUES ('a@example.net', 'Ann'), ('b', 'Bob')")
        database.commit()
    written(flagged, "SELECT mail AS email, name, 'en' AS language FROM people", "q.sql")
    words = ("--query", "q.sql", "--database", "sqlite:crm.db")
    made = flagged.json("notice", "preview", "customers", *words)
    assert made["recipients"] == 1
    assert made["query"]["rows"] == 2
    assert len(made["query"]["sha256"]) == 64
    assert "answered with 2 rows" in flagged("notice", "preview", "customers", *words).out


@pytest.mark.parametrize(
    "words",
    [
        ("--query", "q.sql"),
        ("--database", "sqlite:crm.db"),
        ("--query", "q.sql", "--database", "sqlite:crm.db", "--recipients", "list.csv"),
    ],
)
def test_a_query_goes_with_its_database_and_without_a_file(
    flagged: Cli, words: tuple[str, ...]
) -> None:
    assert "go together" in flagged("notice", "preview", "customers", *words, status=2).err


def test_a_password_on_the_command_line_is_refused(flagged: Cli) -> None:
    written(flagged, "SELECT 1", "q.sql")
    words = ("--query", "q.sql", "--database", "postgresql://u:geheim@h/d")
    refused = flagged("notice", "preview", "customers", *words, status=2)
    assert "holds a password" in refused.err
    assert "geheim" not in refused.err
