"""The demonstration's story: the commands of a response in their order, played for real."""

from __future__ import annotations

import datetime as dt
import io
from contextlib import redirect_stdout
from shlex import join
from typing import TYPE_CHECKING

import msgspec

from ccir.cli.demo_world import World
from ccir.engine.surroundings import Surroundings

if TYPE_CHECKING:
    from ccir.cli.session import Session

_AWARE_MINUTES_AGO = 50
_FACTS = (
    "entry_route=agent-account",
    "vendor_involved=no",
    "we_are_processor=no",
    "jurisdictions=de,us-ca,us-ny",
    "extortion_demand=no",
    "telephony_down=no",
    "crm_down=no",
    "people_affected=40",
    "data_types=name,address,account number",
    "incident_date=the night before this demonstration",
    "what_happened=An account of ours was misused to export customer records.",
    "likely_consequences=Strangers may pose as us, or try the card numbers.",
    "what_information=Names, addresses, account numbers and some card numbers. No passwords.",
    "what_we_are_doing=We closed the account at once and secured the logs.",
    "what_you_can_do=Be careful with calls and messages about your account; ring the hotline.",
)
_FACTS_DE = (
    "what_happened_de=Ein Konto von uns wurde missbraucht, um Kundendaten auszulesen.",
    "what_information_de=Namen, Anschriften, Kontonummern, einige Kartennummern. Keine Passwörter.",
    "what_we_are_doing_de=Wir haben das Konto gesperrt und die Protokolle gesichert.",
    "what_you_can_do_de=Seien Sie vorsichtig bei Anrufen zu Ihrem Konto; rufen Sie uns an.",
)


class Story:
    """Plays one command after the other as a person would type them, and shows each."""

    def __init__(self, session: Session, world: World) -> None:
        self._session = session
        self._world = world
        around = session.surroundings
        environment = msgspec.structs.replace(
            around.environment, workspace=world.folder, run=None, person=None
        )
        self._around = Surroundings(
            clock=around.clock, entropy=around.entropy, environment=environment, here=world.folder
        )
        self._aware = around.clock.now() - dt.timedelta(minutes=_AWARE_MINUTES_AGO)
        self.failed: list[str] = []
        self.run_id = ""

    def play(self) -> None:
        """Play the whole story; a command that fails is noted and the story goes on."""
        self._begin()
        self._triage()
        if self._world.has_restic:
            self._chapter("Are the backups whole, and can they really be restored?")
            self._do("step", "run", "check-backups")
            self._do("step", "run", "prove-restore")
        self._watch_clocks()
        self._tell_employees()
        self._tell_customers()
        self._chapter("Where we stand, and what happened")
        self._do("status")
        self._do("log")
        self._do("report", "--format", "html", "--output", "report.html")

    def _begin(self) -> None:
        self._chapter("An alert at night: records may have left")
        self._do("init")
        self._do(
            "start",
            "data-breach",
            "--title",
            "Export of customer records by a misused account",
            "--severity",
            "sev2",
            "--fact",
            f"awareness={self._aware.isoformat(timespec='seconds')}",
        )

    def _triage(self) -> None:
        self._chapter("Triage: lead, move out of band, secure the evidence")
        self._do("step", "done", "declare", "--note", "Alex leads; severity 2")
        self._do("step", "done", "out-of-band", "--note", "All are on the Signal group")
        self._do("fact", "set", *_FACTS, *_FACTS_DE, "--source", "sign-in log", is_long=True)
        self._do("step", "done", "establish-facts", "--as", "robin")
        self._do("step", "done", "preserve-evidence", "--evidence", "sign-in.log", "--as", "robin")
        self._do("decide", "decide-containment", "close-route", "--reason", "One account only")

    def _watch_clocks(self) -> None:
        self._chapter("One breach, four regimes: Germany, California, New York and a card brand")
        aware = self._aware.isoformat(timespec="seconds")
        day = self._aware.date().isoformat()
        self._do(
            "fact",
            "set",
            f"discovery={day}",
            f"determination={day}",
            f"suspicion_or_confirmation={aware}",
            "card_data_affected=yes",
            "residents:US-CA=12",
            "residents:US-NY=9",
            "high_risk=yes",
        )
        self._do("clocks")
        self._do("clocks", "--explain", "EU-GDPR-33-SA")
        self._do("clocks", "submit", "INTL-VISA-ACQ", "--reference", "call at once, case 4711")

    def _tell_employees(self) -> None:
        self._chapter("Employees are told first")
        self._do("step", "done", "write-public-facts", "--as", "sam")
        self._do("notice", "preview", "employees-alert", "--as", "sam", is_long=True)
        self._do("notice", "approve", "employees-alert")
        self._do("notice", "send", "employees-alert", "--yes", "--as", "sam")

    def _tell_customers(self) -> None:
        self._chapter("Customers are told when two people have approved it")
        self._do("notice", "preview", "customers-breach", "--as", "sam", is_long=True)
        self._do("notice", "approve", "customers-breach", "--as", "alex")
        self._do("notice", "approve", "customers-breach", "--as", "robin")
        self._do("notice", "send", "customers-breach", "--yes", "--as", "sam")
        self._do("notice", "status", "customers-breach")
        self._do("clocks")

    def _chapter(self, title: str) -> None:
        self._session.speech.say("", f"━━ {title}")

    def _do(self, *words: str, is_long: bool = False) -> None:
        from ccir.cli.main import main

        shown = join(("ccir", *words))
        self._session.speech.say("", f"$ {_short(shown) if is_long else shown}")
        heard = io.StringIO()
        with redirect_stdout(heard):
            status = main(words, surroundings=self._around)
        lines = heard.getvalue().splitlines()
        self._session.speech.say(*(_first(lines) if is_long else lines))
        if status:
            self.failed.append(shown)
        if words[0] == "start":
            self.run_id = lines[0].split(" ", 1)[0] if lines else ""


def _short(text: str, limit: int = 96) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _first(lines: list[str], limit: int = 14) -> list[str]:
    if len(lines) <= limit:
        return lines
    return [*lines[: limit - 4], f"  … {len(lines) - limit} more lines", *lines[-4:]]
