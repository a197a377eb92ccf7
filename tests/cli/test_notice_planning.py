from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support.bound_notice import bound, sent, write_rows
from support.cli import Cli
from support.duty_centre import log_of

GDPR = "EU-GDPR-33-SA"
CALIFORNIA = "US-CA-IND"
FACTS = ("jurisdictions=DE,US-CA", "discovery=2026-01-02")
UNPLACED = ("discovery=2026-01-02",)  # where the people live is not known
PLAN = ("notice", "plan", "customers")
DESPITE = ("--despite-deadline", "--reason", "the relay gives no more")

Planning = Callable[..., Cli]


@pytest.fixture
def planning(tmp_path: Path) -> Planning:
    """Makes a run whose notice is previewed for some people over mail, for rules that apply."""

    def make(
        count: int,
        *,
        rate: str | None = "1/h",
        rules: tuple[str, ...] = (GDPR,),
        facts: tuple[str, ...] = FACTS,
    ) -> Cli:
        line = "" if rate is None else f'rate = "{rate}"\n'
        files = '\n[channels.files]\nkind = "outbox"\nfolder = "outbox"\n'
        bind = '\n[bindings]\ncustomer-mail = "mail"\n'
        cli = bound(tmp_path, rules, mail_port=1, more=line + files + bind)
        cli("start", "mini", "--fact", "awareness=08:30")
        cli("fact", "set", *facts)
        previewed(cli, count)
        return cli

    return make


def previewed(cli: Cli, count: int, *more: str, state: str = "CA") -> None:
    write_rows(cli, "language,us_state", *[f"en,{state}"] * count)
    cli("notice", "preview", "customers", "--recipients", "list.csv", *more)


def notes(cli: Cli) -> list[str]:
    return [said for event in log_of(cli, "NoteAdded") for said in event["said"]]


# ----------------------------------------------------------------------------------------- the plan


def test_a_plan_says_how_long_it_takes_and_which_deadlines_that_meets(planning: Planning) -> None:
    cli = planning(10)
    shown = cli(*PLAN).out
    for line in (
        "customers version 1: 10 of 10 recipients are left, through mail",
        "rate: 1/h, by what is the channel's limit (channel 1/h)",
        "time needed: 11 h 00 min, with 10% on top for safety",
        "started 2026-01-02 09:00 CET (08:00 UTC), it is done 2026-01-02 20:00 CET (19:00 UTC)",
    ):
        assert line in shown, line
    assert "EU-GDPR-33-SA  met" in shown
    assert "playbook       met" in shown
    assert log_of(cli, "SendingStarted") == []


def test_a_program_gets_the_plan_too(planning: Planning) -> None:
    document = planning(10).json(*PLAN)
    assert (document["notice"], document["version"], document["channel"]) == (
        "customers",
        1,
        "mail",
    )
    assert (document["recipients"], document["left"], document["margin"]) == (10, 10, 0.1)
    assert document["rate"] == {
        "per_second": 1 / 3_600,
        "bound": "channel",
        "channel": 1 / 3_600,
        "measured": None,
        "asked": None,
    }
    assert document["needed_seconds"] == 39_600
    [own, gdpr] = document["deadlines"]
    assert own["rule"] is own["legal_due"] is None
    assert (gdpr["rule"], gdpr["certain"], gdpr["outcome"]) == (GDPR, True, "met")
    assert gdpr["plan_by"] == "2026-01-05T07:30:00Z"
    assert gdpr["legal_due"] == "2026-01-05T08:00:00Z"
    assert gdpr["latest_start"] == "2026-01-04T20:30:00Z"
    assert gdpr["slack_seconds"] == pytest.approx(60.5 * 3_600, abs=1)
    assert gdpr["missed_by_seconds"] is None


def test_a_deadline_that_cannot_be_met_is_said_with_the_exit_status(planning: Planning) -> None:
    cli = planning(100)
    shown = cli(*PLAN, status=1).out
    assert "MISSED by 1 d 14 h" in shown
    document = cli.json(*PLAN, status=1)
    assert [each["outcome"] for each in document["deadlines"]] == ["missed", "missed"]
    assert "met" in cli(*PLAN, "--rate", "50/h").out


def test_between_the_two_readings_a_deadline_is_tight(planning: Planning) -> None:
    cli = planning(10)
    shown = cli(*PLAN, "--from", "2026-01-04T21:40", status=1).out
    assert "tight: 10 min after 'work to'" in shown, "the law's latest reading is still met"
    assert "playbook       MISSED by 10 min" in shown


def test_what_if_it_starts_later_or_goes_faster(planning: Planning) -> None:
    cli = planning(6_000)
    shown = cli(*PLAN, "--rate", "100/min").out
    assert "rate: 1.667/s, by what is asked (asked 1.667/s, channel 1/h)" in shown
    document = cli.json(*PLAN, "--rate", "100/min", "--from", "22:00")
    assert document["start_at"] == "2026-01-02T21:00:00Z"
    assert document["finish_at"] == "2026-01-02T22:06:00Z"
    cli(*PLAN, "--rate", "100/min", "--from", "2026-01-05T08:00", status=1)


def test_a_slow_rate_is_told_by_the_minute_or_the_hour(planning: Planning) -> None:
    cli = planning(1)
    for rate in ("7/s", "7/min", "7/h"):
        assert f"rate: {rate}, by what is asked" in cli(*PLAN, "--rate", rate).out


def test_a_question_that_makes_no_sense_is_refused(planning: Planning) -> None:
    cli = planning(1)
    for rate in ("fast", "0/s", "14", "14/d", "-1/s"):
        wrong = cli(*PLAN, "--rate", rate, status=2)
        assert f"'{rate}' is no rate" in wrong.err
        assert "14/s" in wrong.err
    for moment in ("08:59", "2028-01-01T08:00"):
        assert "within a year from now" in cli(*PLAN, "--from", moment, status=2).err
    assert "leave --at out" in cli(*PLAN, "--at", "09:00", status=2).err
    assert "did you mean 'customers'?" in cli("notice", "plan", "customer", status=6).err


def test_a_notice_without_a_version_has_no_plan(begun: Cli) -> None:
    assert "has no version yet" in begun(*PLAN, status=5).err


def test_without_a_rate_no_end_is_told(planning: Planning) -> None:
    cli = planning(10, rate=None)
    shown = cli(*PLAN).out
    assert "no rate known" in shown
    assert "time needed: not known" in shown
    assert "unknown" in shown
    document = cli.json(*PLAN)
    assert document["finish_at"] is document["needed_seconds"] is None
    assert document["rate"]["bound"] is None
    cli.clock.move(80 * 3_600)
    assert "MISSED by at least" in cli(*PLAN, status=1).out, "whatever the rate, it is over"


def test_what_earlier_sendings_reached_counts_once_they_are_many(planning: Planning) -> None:
    cli = planning(99, rate=None)
    sent(cli, channel="files")
    previewed(cli, 1, "--channel", "files", "--again")
    assert cli.json(*PLAN)["rate"]["measured"] is None
    sent_again(cli, 100)
    previewed(cli, 5, "--channel", "files", "--again")
    rate = cli.json(*PLAN)["rate"]
    assert rate["bound"] == "measured"
    assert rate["per_second"] == rate["measured"] > 0
    assert "by what is measured" in cli(*PLAN).out


def test_where_all_are_told_nothing_is_left_to_plan(planning: Planning) -> None:
    cli = planning(1)
    sent(cli, channel="files")
    assert "nothing is left to send" in cli(*PLAN).out
    document = cli.json(*PLAN)
    assert (document["left"], document["deadlines"]) == (0, [])


def test_a_notice_with_no_deadline_says_so(planning: Planning) -> None:
    cli = planning(1)
    path = cli.folder / "playbooks" / "mini.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace(f"    obligations: [{GDPR}]\n", "")
    path.write_text(text.replace('    due: {within: 72h, after: "fact:awareness"}\n', ""), "utf-8")
    cli("start", "mini", "--another")
    cli("notice", "preview", "customers", "--recipients", "list.csv", "--run", "INC-2026-0002")
    assert "no deadline is known" in cli(*PLAN, "--run", "INC-2026-0002").out


def test_a_duty_counts_only_where_it_applies_and_somebody_lives(planning: Planning) -> None:
    cli = planning(1, rules=(GDPR, CALIFORNIA, "US-TX-IND", "EU-GDPR-34-DS"))
    found = {each["rule"]: each["certain"] for each in cli.json(*PLAN)["deadlines"]}
    assert found == {None: True, GDPR: True, CALIFORNIA: True}, "and what has a time"
    previewed(cli, 1, state="TX")
    assert CALIFORNIA not in [each["rule"] for each in cli.json(*PLAN)["deadlines"]]


def test_a_duty_that_may_apply_is_marked(planning: Planning) -> None:
    cli = planning(1, facts=UNPLACED)
    assert "EU-GDPR-33-SA (may apply)" in cli(*PLAN).out


# ------------------------------------------------------------------------------------- the approval


def test_an_approval_that_would_break_a_legal_deadline_is_refused(planning: Planning) -> None:
    cli = planning(100)
    refused = cli("notice", "approve", "customers", status=5)
    assert "takes 4 d 14 h and misses EU-GDPR-33-SA by 1 d 14 h" in refused.err
    assert "--despite-deadline --reason" in refused.err
    assert "ccir notice plan customers --rate" in refused.err
    assert log_of(cli, "NoticeApproved") == []


def test_it_is_approved_despite_that_with_a_reason_that_is_kept(planning: Planning) -> None:
    cli = planning(100)
    answer = cli("notice", "approve", "customers", *DESPITE)
    assert "1 of 2 approvals are missing" in answer.out
    assert "sending it now misses EU-GDPR-33-SA by 1 d 14 h" in answer.err
    [note] = notes(cli)
    assert note.startswith("'customers' version 1 approved despite its deadline (EU-GDPR-33-SA)")
    assert note.endswith(": the relay gives no more")
    assert b"the relay gives" not in (cli.folder / ".ccir" / "ccir.db").read_bytes(), "sealed"
    cli("notice", "approve", "customers", "--as", "kim", status=5)


def test_a_reason_and_its_flag_go_together(planning: Planning) -> None:
    cli = planning(1)
    for words in (
        ("--despite-deadline",),
        ("--reason", "x"),
        ("--despite-deadline", "--reason", " "),
    ):
        assert "go together" in cli("notice", "approve", "customers", *words, status=2).err
    cli("notice", "approve", "customers", *DESPITE)
    assert "(no deadline missed)" in notes(cli)[0]


def test_who_may_not_approve_is_told_that_first(planning: Planning) -> None:
    cli = planning(100)
    old = cli("notice", "approve", "customers", "--version", "3", *DESPITE, status=5)
    assert "is not the newest" in old.err
    early = cli("notice", "approve", "customers", "--at", "23:00", *DESPITE, status=2)
    assert "lies in the future" in early.err
    assert notes(cli) == []


def test_when_the_deadline_is_over_approving_is_right_and_warns(planning: Planning) -> None:
    cli = planning(100)
    cli.clock.move(80 * 3_600)
    answer = cli("notice", "approve", "customers")
    assert "misses EU-GDPR-33-SA by" in answer.err
    assert "send it at once" in answer.err
    assert len(log_of(cli, "NoticeApproved")) == 1


def test_where_no_limit_holds_it_back_approving_is_right(planning: Planning) -> None:
    cli = planning(100, rate=None)
    assert cli("notice", "approve", "customers").err == ""


def test_what_may_not_apply_and_the_playbooks_time_stop_no_approval(planning: Planning) -> None:
    cli = planning(100, facts=UNPLACED)
    answer = cli("notice", "approve", "customers")
    assert "misses EU-GDPR-33-SA by 1 d 14 h" in answer.err
    assert "playbook" not in answer.err


def test_a_plan_that_cannot_be_made_stops_no_approval(planning: Planning) -> None:
    cli = planning(100)
    settings = cli.folder / "ccir.toml"
    settings.write_text(settings.read_text("utf-8").replace("[channels.mail]", "[channels.old]"))
    settings.write_text(settings.read_text("utf-8").replace('= "mail"', '= "old"'))
    answer = cli("notice", "approve", "customers")
    assert "no plan of the sending can be made: the channel 'mail' is no longer" in answer.err


# -------------------------------------------------------------------------------------- the sending


def test_while_a_notice_goes_out_its_end_is_forecast(planning: Planning) -> None:
    cli = planning(120, rate=None)
    previewed(cli, 120, "--channel", "files")
    for person in ("alex", "kim"):
        cli("notice", "approve", "customers", "--as", person)
    told = cli("notice", "send", "customers", "--yes").err
    assert "… send: 1 of 120\n" in told
    assert "… send: 100 of 120, done about 2026-01-02 09:00 CET (08:00 UTC)" in told


def sent_again(cli: Cli, count: int) -> None:
    previewed(cli, count, "--channel", "files", "--again")
    for person in ("alex", "kim"):
        cli("notice", "approve", "customers", "--as", person)
    cli("notice", "send", "customers", "--yes")
