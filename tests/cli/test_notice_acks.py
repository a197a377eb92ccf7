from __future__ import annotations

import io
from pathlib import Path

import pytest

from support.asking import already_asked, asking, tokens
from support.cli import Cli

ACK = ("notice", "ack", "staff")
ROLL_CALL = ("notice", "roll-call", "staff")


@pytest.fixture
def staff(tmp_path: Path) -> Cli:
    """Four people who were asked how they are."""
    cli, _ = already_asked(tmp_path)
    return cli


def test_answers_by_telephone_count_and_are_noted_without_a_name(staff: Cli) -> None:
    said = staff(*ACK, "--row", "1", "--row", "2", "--answer", "safe", "--how", "by phone").out
    assert said == "staff: 2 confirmed\n"
    again = staff.json(*ACK, "--row", "2", "--answer", "help", "--how", "she called again")
    assert (again["confirmed"], again["already"], again["late"]) == (0, 1, 0)
    assert (
        "1 had confirmed before"
        in staff(*ACK, "--row", "1", "--answer", "help", "--how", "again").out
    )
    told = [each for each in staff.json("log")["events"] if each["type"] == "RecipientsConfirmed"]
    assert [(each["by"], each["body"]["rows"]) for each in told] == [("alex", 2)]
    assert "by_link" not in told[0]["body"] or not told[0]["body"]["by_link"]
    assert "answers entered by hand: by phone" in staff("log").out


def test_an_address_comes_on_standard_input_only(
    staff: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (*ACK, "--answer", "working", "--how", "at the gate", "--address")
    refused = staff(*words, "ann@example.net", status=2)
    assert "list of processes" in refused.err
    monkeypatch.setattr("sys.stdin", io.StringIO(" ANN@example.net \n\nbob@example.net\n"))
    assert staff(*words, "-").out == "staff: 2 confirmed\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("cyd@example.net\nwho@example.net\n"))
    unknown = staff(*words, "-", status=6)
    assert "address 2 was not asked" in unknown.err
    assert "who@example.net" not in unknown.out + unknown.err
    assert staff.json(*ROLL_CALL, status=1)["tally"]["answers"] == {"working": 2}


REFUSED: tuple[tuple[str, int, str], ...] = (
    ("--row 1 --how x", 2, "asks for safe, working, help"),
    ("--row 1 --answer read --how x", 2, "not for 'read'"),
    ("--row 1 --answer safe", 2, "--how"),
    ("--answer safe --how x", 2, "0 recipients"),
    ("--row 99 --answer safe --how x", 6, "row 99 was not asked"),
    ("--row 1 --answer safe --how x --at 2026-01-02T12:00", 2, "future"),
    ("--row 1 --answer safe --how 4111111111111111", 5, "card"),
)


def test_an_entry_that_says_too_little_or_too_much_is_refused(staff: Cli) -> None:
    for words, status, said in REFUSED:
        assert said in staff(*ACK, *words.split(), status=status).err
    assert staff.json(*ROLL_CALL, status=1)["tally"]["confirmed"] == 0


def test_who_answered_in_time_is_not_late_because_it_was_entered_later(staff: Cli) -> None:
    staff.clock.move(3_600)
    in_time = ("--row", "1", "--answer", "safe", "--how", "radio", "--at", "2026-01-02T09:20")
    assert staff(*ACK, *in_time).out == "staff: 1 confirmed\n"
    late = staff(*ACK, "--row", "2", "--answer", "help", "--how", "radio")
    assert late.out == "staff: 1 confirmed, 1 of them late\n"
    shown = staff.json(*ROLL_CALL, status=1)
    assert (shown["tally"]["confirmed"], shown["tally"]["late"]) == (1, 1)


def test_a_roll_call_counts_by_site_and_lists_the_silent_masked(staff: Cli) -> None:
    staff(*ACK, "--row", "1", "--answer", "safe", "--how", "by phone")
    shown = staff.json(*ROLL_CALL, "--by", "shift", "--rows", status=1)
    assert shown["total"] == 4
    assert shown["within"] == "30m"
    assert [*shown["groups"]] == ["(none)", "early", "late"]
    assert shown["groups"]["early"]["answers"] == {"safe": 1}
    assert [(row["row"], row["recipient"], row["group"]) for row in shown["rows"]] == [
        (2, "b***b@e***.net", "late"),
        (3, "c***d@e***.net", "early"),
        (4, "d***t@e***.net", "(none)"),
    ]
    text = staff(*ROLL_CALL, "--by", "site", "--rows", status=1).out
    assert "1 of 4 have confirmed (25%)" in text
    assert "they have time until 2026-01-02 09:30 CET" in text
    assert "@example.net" not in text


def test_a_roll_call_is_over_when_all_have_confirmed(staff: Cli) -> None:
    rows = [word for row in "1234" for word in ("--row", row)]
    staff(*ACK, *rows, "--answer", "safe", "--how", "at the assembly point")
    assert "4 of 4 have confirmed (100%)" in staff(*ROLL_CALL, "--rows").out
    assert "everybody has confirmed" in staff("notice", "escalate", "staff", status=5).err


def test_those_who_do_not_confirm_are_asked_again_and_nobody_else(staff: Cli) -> None:
    assert "have time until" in staff("notice", "escalate", "staff", status=5).err
    staff(*ACK, "--row", "1", "--answer", "safe", "--how", "by phone")
    staff.clock.move(3_600)
    shown = staff(*ROLL_CALL, status=1).out
    assert "they had time until" in shown
    assert "next: `ccir notice escalate staff`" in shown
    made = staff("notice", "escalate", "staff").out
    assert "version 2 asks 3 of them through second; nothing was sent yet" in made
    assert tokens(staff, folder="second") == {}
    staff("notice", "approve", "staff")
    staff(*ACK, "--row", "2", "--answer", "working", "--how", "she came by")
    staff("notice", "send", "staff", "--yes")
    assert {*tokens(staff, folder="second")} == {"cyd@example.net", "dot@example.net"}
    document = staff.json(*ROLL_CALL, status=1)
    assert document["versions"] == [1, 2]
    assert (document["tally"]["late"], document["tally"]["not_confirmed"]) == (1, 2)


def test_where_the_next_channel_is_used_up_the_role_is_called(staff: Cli) -> None:
    staff.clock.move(3_600)
    first = staff.json("notice", "escalate", "staff")
    assert (first["version"], first["channel"], first["recipients"]) == (2, "second", 4)
    staff("notice", "approve", "staff")
    staff("notice", "send", "staff", "--yes")
    called = staff("notice", "escalate", "staff").out
    assert "4 have not confirmed, 4 of them have no time left" in called
    assert "called commander through files: accepted" in called
    again = staff.json("notice", "escalate", "staff")
    assert (again["version"], again["alert"]["state"]) == (None, "accepted")


def test_what_was_not_sent_or_asks_for_nothing_has_no_roll_call(tmp_path: Path) -> None:
    cli = asking(tmp_path)
    assert "send it first" in cli(*ROLL_CALL, status=5).err
    assert "asks nobody to confirm" in cli("notice", "roll-call", "customers", status=6).err
    assert "there is no notice 'nothing'" in cli("notice", "roll-call", "nothing", status=6).err
