"""Drills with results that a test chooses, told through a real room and a real monitor."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from ccir.config.settings import Drills
from ccir.domain.drill_history import Due
from ccir.domain.drills import Drill
from ccir.domain.event_parts import SYSTEM
from ccir.domain.events import DrillAlerted
from ccir.domain.outcomes import Verdict
from ccir.engine.drill_records import begin, end
from ccir.engine.drill_schedule import annals, drills, due_now
from ccir.engine.drill_telling import Telling
from ccir.engine.opening import open_workspace
from ccir.steps.interface import Judged, from_verdict
from support.cli import Cli
from support.events import DRILL_FINISHED
from support.http_sink import HttpSink
from support.mail_server import MailServer
from support.scheduled import DAY_SECONDS, scheduled_centre

TOKEN = "s3cret"


class Story:
    """Plays the drill `nightly` again and again, each time with the result that is asked for."""

    def __init__(self, cli: Cli, settings: str) -> None:
        file = cli.folder / "ccir.toml"
        file.write_text(f"{file.read_text('utf-8')}\n{settings}", encoding="utf-8")
        self.clock = cli.clock
        self.workspace = open_workspace(cli.surroundings, cli.folder)
        self.warned: list[str] = []

    def play(self, verdict: Verdict, *, days: float = 1) -> str:
        """Play one drill, so many days after the last."""
        self.clock.move(days * DAY_SECONDS)
        due = due_now(self.workspace, self.drill)
        run, telling = self.begin(due)
        telling.begun(due)
        event = replace(DRILL_FINISHED, drill="nightly", verdict=verdict, reason="x", step=None)
        judged = Judged(event=event, detail="What was seen. More.", hint="look")
        end(self.workspace, run, by=SYSTEM, outcome=from_verdict(judged))
        telling.ended(judged)
        return run

    def begin(self, due: Due | None = None) -> tuple[str, Telling]:
        run = begin(self.workspace, self.drill, by=SYSTEM, due=due)
        warn = self.warned.append
        return run, Telling(self.workspace, self.drill, run=run, by=SYSTEM, warn=warn)

    @property
    def drill(self) -> Drill:
        (found,) = [each for each in drills(self.workspace) if each.id == "nightly"]
        return found

    @property
    def alerts(self) -> list[tuple[str, str, str]]:
        return [(a.run, a.event.verdict, a.event.state) for a in annals(self.workspace).alerted]


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as running:
        yield running


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


@pytest.fixture
def centre(tmp_path: Path) -> Cli:
    return scheduled_centre(tmp_path / "centre", None)


def room(sink: HttpSink, *lines: str) -> str:
    url = f"json://127.0.0.1:{sink.port}/{TOKEN}"
    drill_lines = "\n".join(('alert = "team"', *lines))
    return f'[channels.team]\nkind = "apprise"\nurl = "{url}"\n\n[drills]\n{drill_lines}\n'


def subjects(sink: HttpSink) -> list[str]:
    return [json.loads(each)["title"] for each in sink.posted]


@pytest.fixture
def told(centre: Cli, sink: HttpSink) -> Iterator[Story]:
    story = Story(centre, room(sink))
    yield story
    story.workspace.stores.close()


def test_each_failure_is_told_and_the_first_pass_after_it(told: Story, sink: HttpSink) -> None:
    for verdict in ("pass", "fail", "fail", "pass", "pass"):
        told.play(verdict)
    assert subjects(sink) == [
        "[DR-2026-0002 fail] drill nightly of crm",
        "[DR-2026-0003 fail] drill nightly of crm",
        "[DR-2026-0004 pass] drill nightly passes again",
    ]
    assert [each[2] for each in told.alerts] == ["accepted"] * 3
    assert told.warned == []
    assert "What was seen." in json.loads(sink.posted[0])["message"]


def test_an_alert_stands_in_the_drills_own_log_after_its_result(told: Story) -> None:
    run = told.play("fail")
    entries = told.workspace.stores.events.read(run)
    assert [each.type for each in entries][-2:] == ["RunClosed", "DrillAlerted"]
    event = entries[-1].event
    assert isinstance(event, DrillAlerted)
    assert (event.drill, event.channel, event.reason) == ("nightly", "team", "x")
    assert told.workspace.stores.events.verify() == []


def test_errors_are_told_once_there_are_enough(told: Story, sink: HttpSink) -> None:
    told.play("pass")
    for _ in range(4):
        told.play("error", days=0.25)
    told.play("pass")
    assert subjects(sink) == [
        "[DR-2026-0004 error] drill nightly of crm",
        "[DR-2026-0006 pass] drill nightly passes again",
    ]


def test_a_stale_drill_is_told_when_it_begins_and_once(told: Story, sink: HttpSink) -> None:
    told.play("pass")
    told.play("error", days=3.5)
    told.play("error", days=1.5)
    told.play("pass", days=0.3)
    assert subjects(sink) == [
        "[DR-2026-0002 stale] drill nightly of crm",
        "[DR-2026-0004 pass] drill nightly passes again",
    ]
    types = [each.type for each in told.workspace.stores.events.read("DR-2026-0002")]
    assert types[:3] == ["RunStarted", "DrillSlotsMissed", "DrillAlerted"]


def test_an_alert_that_is_refused_is_recorded_told_and_sent_again(
    told: Story, sink: HttpSink
) -> None:
    told.play("pass")
    sink.answers.append(404)
    for _ in range(4):
        told.play("error", days=0.25)
    states = [each[2] for each in told.alerts]
    assert states[-1] == "accepted"
    assert states[0] != "accepted"
    assert "drill nightly: the alert through 'team' is " in told.warned[0]
    assert TOKEN not in "".join(told.warned)


def test_a_channel_that_cannot_be_used_changes_no_result(centre: Cli) -> None:
    settings = '[channels.team]\nkind = "apprise"\nurl_file = "gone"\n\n[drills]\nalert = "team"\n'
    story = Story(centre, settings)
    run = story.play("fail")
    assert story.alerts == [(run, "fail", "refused-temporary")]
    assert "cannot be read" in story.warned[0]
    story.workspace.stores.close()


def test_a_channel_that_is_wrong_changes_no_result(centre: Cli) -> None:
    settings = '[channels.team]\nkind = "apprise"\nurl = "x"\nodd = 1\n\n[drills]\nalert = "team"\n'
    story = Story(centre, settings)
    run = story.play("fail")
    assert story.alerts == [(run, "fail", "refused-permanent")]
    assert "has no setting 'odd'" in story.warned[0]
    story.workspace.stores.close()


def test_mail_goes_to_the_people_who_are_named(centre: Cli, mail: MailServer) -> None:
    settings = (
        f'[channels.mail]\nkind = "smtp"\nhost = "127.0.0.1"\nport = {mail.port}\n'
        'starttls = "never"\nfrom = "incident@example.org"\n\n'
        '[drills]\nalert = "mail"\nalert_to = ["alex", "kim"]\n'
    )
    story = Story(centre, settings)
    story.play("fail")
    assert sorted(mail.recipients) == ["alex@example.org", "kim@example.org"]
    assert b"drill nightly of crm" in mail.taken[0].content
    story.workspace.stores.close()


def test_a_monitor_hears_of_every_begin_and_end(centre: Cli, sink: HttpSink) -> None:
    url = f"http://127.0.0.1:{sink.port}/{TOKEN}/{{drill}}"
    story = Story(centre, f'[drills]\nping_url = "{url}"\n')
    for verdict in ("pass", "fail", "error"):
        story.play(verdict)
    calls = [path.partition("?rid=") for path in sink.paths]
    signals = [path.removeprefix(f"/{TOKEN}/nightly/") for path, _, _ in calls]
    assert signals == ["start", "0", "start", "1", "start", "3"]
    rids = [rid for _, _, rid in calls]
    assert rids[::2] == rids[1::2]
    assert len(set(rids)) == 3
    assert sink.posted[3] == b"DR-2026-0002 drill nightly: fail (x)"
    assert story.alerts == []
    story.workspace.stores.close()


def test_a_drill_that_is_broken_off_is_told_to_the_monitor(centre: Cli, sink: HttpSink) -> None:
    story = Story(centre, f'[drills]\nping_url = "http://127.0.0.1:{sink.port}/{TOKEN}"\n')
    run, telling = story.begin()
    telling.broken_off()
    assert sink.paths[0].startswith(f"/{TOKEN}/130?rid=")
    assert sink.posted == [f"{run} drill nightly: interrupted".encode()]
    story.workspace.stores.close()


def test_a_ping_that_fails_is_one_line_without_its_address(centre: Cli, sink: HttpSink) -> None:
    sink.answers.extend((404, 404))
    story = Story(centre, f'[drills]\nping_url = "http://127.0.0.1:{sink.port}/{TOKEN}"\n')
    story.play("pass")
    assert story.warned == [
        "drill nightly: the ping 'start' failed: it answered 404",
        "drill nightly: the ping '0' failed: it answered 404",
    ]
    story.workspace.stores.close()


def test_an_address_that_cannot_be_read_is_told_once(centre: Cli) -> None:
    story = Story(centre, '[drills]\nping_url_file = "gone"\n')
    story.play("pass")
    assert len(story.warned) == 1
    assert "drill nightly: no ping: the secret in " in story.warned[0]
    story.workspace.stores.close()


def test_a_channel_of_people_needs_names_whatever_its_kind(centre: Cli) -> None:
    story = Story(centre, "")
    settings = replace(story.workspace.settings, drills=Drills(alert="files"))
    story.workspace = dataclasses.replace(story.workspace, settings=settings)
    story.play("fail")
    assert [each[2] for each in story.alerts] == ["refused-permanent"]
    assert "[drills] alert_to names nobody" in story.warned[0]
    story.workspace.stores.close()
