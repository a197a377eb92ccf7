from __future__ import annotations

import hashlib

from ccir.catalog.documents import load_playbook
from ccir.catalog.pinned import canonical
from ccir.catalog.sources import Sources
from ccir.engine.families import step_arguments
from support.cli import Cli


def test_a_run_begins_with_its_id_and_the_playbooks_digest(centre: Cli) -> None:
    started = centre.json("start", "data-breach", "--title", "Records out")
    book = load_playbook(Sources(None).find("playbooks", "data-breach"), step_arguments())
    assert started == {
        "run": "INC-2026-0001",
        "kind": "incident",
        "playbook": {
            "id": "data-breach",
            "version": book.version,
            "digest": hashlib.sha256(canonical(book)).hexdigest(),
        },
        "state": "open",
    }


def test_what_is_missing_is_listed_and_stops_nothing(centre: Cli) -> None:
    answer = centre("start", "mini")
    assert "INC-2026-0001 started: A small incident" in answer.out
    assert "from this workspace" in answer.out
    assert "When was it noticed?" in answer.out
    assert "ccir fact set awareness=…" in answer.out
    assert "no target is bound to 'crm'" in answer.out
    assert "[targets.crm]" in answer.out
    assert "nobody holds" not in answer.out  # alex and kim hold every role by ccir.toml


def test_a_second_run_of_the_same_playbook_has_to_be_wanted(centre: Cli) -> None:
    centre("start", "mini")
    refused = centre("start", "mini", status=4)
    assert "INC-2026-0001" in refused.err
    assert centre.json("start", "mini", "--another")["run"] == "INC-2026-0002"


def test_an_unknown_playbook_gets_a_suggestion(centre: Cli) -> None:
    error = centre("start", "data-breech", "--json", status=6).error
    assert error["code"] == "not-found"
    assert "data-breach" in error["hint"]
    assert error["exit_status"] == 6


def test_wrong_words_begin_nothing(centre: Cli) -> None:
    for words, status in (
        (("--fact", "records"), 2),
        (("--fact", "recrods=3"), 6),
        (("--fact", "records=many"), 2),
        (("--severity", "sev9"), 6),
        (("--title", "two\nlines"), 2),
        (("--title", "card 4111 1111 1111 1111"), 5),
        (("--at", "2027-01-01T00:00"), 2),
    ):
        answer = centre("start", "mini", *words, status=status)
        assert "hint:" in answer.err, words
    assert centre.json("runs")["runs"] == []


def test_a_playbook_with_errors_is_refused_with_all_of_them(centre: Cli) -> None:
    path = centre.folder / "playbooks" / "mini.yaml"
    text = path.read_text(encoding="utf-8").replace("role: technical-lead", "role: tecnical-lead")
    path.write_text(text.replace("version: 1.0.0", "version: one"), encoding="utf-8")
    answer = centre("start", "mini", status=2)
    assert answer.err.count("mini.yaml:") > 3
    assert "did you mean 'technical-lead'?" in answer.err


def test_a_playbook_may_be_a_file(centre: Cli) -> None:
    (centre.folder / "playbooks" / "mini.yaml").rename(centre.folder / "mini.yaml")
    assert centre.json("start", "mini.yaml")["playbook"]["id"] == "mini"
    assert "is gone" in centre.json("status")["playbook"]["drift"]


def test_who_starts_leads_where_nobody_else_does(centre: Cli) -> None:
    centre("start", "mini", "--as", "kim")
    assert centre.json("status")["roles"]["commander"] == "alex"
    centre("role", "assign", "commander", "kim")
    assert centre.json("status")["roles"]["commander"] == "kim"


def test_a_start_that_was_earlier_is_recorded_so(centre: Cli) -> None:
    centre("start", "mini", "--at", "2026-01-02T03:00")
    first = centre.json("log")["events"][0]
    assert first["at"] == "2026-01-02T02:00:00Z"
    assert first["recorded_at"] > first["at"]
    assert "entered 6 h 00 min later" in centre("log").out
