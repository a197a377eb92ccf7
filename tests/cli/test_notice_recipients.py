from __future__ import annotations

import pytest

from support.cli import Cli

ROWS = """\
email,name,language,country,us_state,channel,minor,legal_hold
anna@example.net,Ann,en,DE,,email,,
b@example.net,Bea,de,US,CA,,,
c@example.net,Cyd,en,,,post,,
d@example.net,Dot,en,FR,,,yes,
e@example.net,Eve,en,FR,,,yes,yes
"""
PREVIEW = ("notice", "preview", "customers", "--recipients", "list.csv")
RECIPIENTS = ("notice", "recipients", "customers")


@pytest.fixture
def previewed(begun: Cli) -> Cli:
    begun("fact", "set", "records=4100")
    (begun.folder / "list.csv").write_text(ROWS, encoding="utf-8")
    begun(*PREVIEW)
    return begun


def test_recipients_are_counted_and_what_is_undetermined_stands_apart(previewed: Cli) -> None:
    assert previewed.json(*RECIPIENTS) == {
        "run": "INC-2026-0001",
        "notice": "customers",
        "version": 1,
        "recipients": 3,
        "languages": {"de": 1, "en": 2},
        "jurisdictions": {"DE": 1, "US-CA": 1},
        "channels": {"email": 1, "post": 1},
        "undetermined": {"jurisdiction": 1, "channel": 1},
        "queued": {"legal-hold": 1, "minor": 1},
        "rows": None,
        "queue": None,
    }
    shown = previewed(*RECIPIENTS).out
    assert "jurisdictions: 1 DE, 1 US-CA, 1 undetermined" in shown
    assert "waiting for a decision: 1 legal-hold, 1 minor" in shown


def test_rows_and_queue_are_shown_masked(previewed: Cli) -> None:
    document = previewed.json(*RECIPIENTS, "--rows", "--queue")
    assert document["rows"][0] == {
        "row": 1,
        "recipient": "a***a@e***.net",
        "language": "en",
        "jurisdiction": "DE",
        "channel": "email",
        "reasons": [],
        "name": "",
    }
    waiting = {each["row"]: each["reasons"] for each in document["queue"]}
    assert waiting == {4: ["minor"], 5: ["legal-hold", "minor"]}
    shown = previewed(*RECIPIENTS, "--rows", "--queue").out
    assert "a***a@e***.net" in shown
    assert "legal-hold, minor" in shown
    assert "example.net" not in shown


def test_what_a_person_decides_counts_from_the_next_preview_on(previewed: Cli) -> None:
    words = ("--include", "4", "--exclude", "5", "--reason", "the guardian asked for it")
    assert previewed.json(*RECIPIENTS, *words)["recipients"] == 3, "a version stays as it is"
    totals = previewed.json(*PREVIEW)["totals"]
    assert (totals["kept"], totals["queued"], totals["left_out"]) == (4, {}, 1)
    log = previewed("log").out
    assert "queue: told all the same: row 4 (minor): the guardian asked for it" in log
    assert "left out: row 5 (legal-hold, minor): the guardian" in log


@pytest.mark.parametrize(
    ("words", "status", "complaint"),
    [
        (("--include", "4"), 2, "needs --reason"),
        (("--reason", "because"), 2, "needs --reason"),
        (("--include", "4", "--reason", " "), 2, "needs --reason"),
        (("--include", "4", "--exclude", "4", "--reason", "why"), 2, "both included and excluded"),
        (("--include", "1", "--reason", "why"), 6, "row 1 does not wait in the queue"),
    ],
)
def test_an_unclear_decision_is_refused(
    previewed: Cli, *, words: tuple[str, ...], status: int, complaint: str
) -> None:
    assert complaint in previewed(*RECIPIENTS, *words, status=status).err
    assert previewed.json(*PREVIEW)["totals"]["kept"] == 3


def test_too_many_rows_at_once_are_refused(previewed: Cli) -> None:
    rows = [word for row in range(1_001) for word in ("--include", str(row))]
    refused = previewed(*RECIPIENTS, *rows, "--reason", "why", status=2)
    assert "more than 1000 rows at once" in refused.err


def test_more_rows_than_are_shown_are_told(previewed: Cli) -> None:
    rows = [f"p{number}@example.net,P,en,yes,,,," for number in range(1_001)]
    text = "\n".join(("email,name,language,country,us_state,channel,x,legal_hold", *rows, ""))
    (previewed.folder / "list.csv").write_text(text, encoding="utf-8")
    previewed(*PREVIEW)
    assert "… and more" in previewed(*RECIPIENTS, "--rows").out


def test_a_notice_without_a_version_has_no_recipients(begun: Cli) -> None:
    assert "has no version yet" in begun(*RECIPIENTS, status=5).err


UNMASK = ("--rows", "--unmask", "--reason", "the print house lost a page")


def test_rows_are_shown_in_full_only_to_those_who_may_and_it_stays_in_the_log(
    previewed: Cli,
) -> None:
    settings = previewed.folder / "ccir.toml"
    sam = '\n[people.sam]\nname = "Sam Ortiz"\nroles = ["scribe"]\n'
    settings.write_text(settings.read_text("utf-8") + sam, encoding="utf-8")
    refused = previewed(*RECIPIENTS, *UNMASK, "--as", "sam", status=5)
    assert "it takes commander or privacy-counsel" in refused.err
    before = len(previewed.json("log")["events"])
    first = previewed.json(*RECIPIENTS, *UNMASK)["rows"][0]
    assert "@e" in first["recipient"]
    assert "*" not in first["recipient"] + first["name"]
    assert first["name"]
    event = previewed.json("log")["events"][before]
    assert event["type"] == "RecipientsUnmasked"
    assert (event["body"]["rows"], event["body"]["role"]) == (3, "commander")
    assert event["said"] == ["the print house lost a page"]
    assert first["name"] in previewed(*RECIPIENTS, *UNMASK).out


def test_the_settings_say_which_roles_may_see_recipients_in_full(previewed: Cli) -> None:
    settings = previewed.folder / "ccir.toml"
    more = '\n[privacy]\nunmask_roles = ["continuity-lead"]\n'
    settings.write_text(settings.read_text("utf-8") + more, encoding="utf-8")
    refused = previewed(*RECIPIENTS, *UNMASK, status=5)
    assert "it takes continuity-lead" in refused.err
    previewed(*RECIPIENTS, *UNMASK, "--as", "kim")


def test_unmasking_needs_rows_and_a_reason_and_decides_nothing(previewed: Cli) -> None:
    before = previewed.json("log")["events"]
    for words in (
        ("--rows", "--unmask"),
        ("--unmask", "--reason", "because"),
        ("--rows", "--unmask", "--reason", " "),
        ("--rows", "--unmask", "--reason", "because", "--include", "4"),
    ):
        assert "--unmask goes with" in previewed(*RECIPIENTS, *words, status=2).err
    assert previewed.json("log")["events"] == before
