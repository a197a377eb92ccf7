"""A run written event by event, and its report: what a test says happened, and no more."""

from __future__ import annotations

import datetime as dt

from ccir.domain.drill_history import Played
from ccir.domain.events import AnyEvent, Pin, RunStarted, Sealed
from ccir.domain.evolve import fold
from ccir.domain.notices import Counts
from ccir.domain.playbook import (
    Approvals,
    Due,
    Fact,
    Notice,
    Phase,
    Playbook,
    Role,
    Severity,
    Step,
)
from ccir.domain.record import GENESIS, Draft, Entry, Place, Via, read_line, write_line
from ccir.domain.run import Run
from ccir.reports.duties import DutyClock
from ccir.reports.model import PersonView, Report, ReportRequest, build
from ccir.reports.telling import Teller

START = dt.datetime(2026, 1, 2, 8, 0, tzinfo=dt.UTC)
PEOPLE = {"alex": "Alex Kim", "kim": "Kim Weber", "robin": "Robin Weiss"}

_QUESTION: dict[str, object] = {
    "question": "Do we tell them?",
    "options": {"tell": "They are told.", "wait": "Later."},
}
PLAYBOOK = Playbook(
    id="data-breach",
    version="1.0.0",
    title="Records have left",
    summary="What to do when they have.",
    severities=(Severity(id="sev1", meaning="All"), Severity(id="sev2", meaning="Some")),
    roles=(
        Role(id="commander", title="Incident commander", duties="Leads."),
        Role(id="counsel", title="Counsel", duties="Advises."),
    ),
    facts=(
        Fact(id="awareness", kind="moment", question="When did we know?", required=True),
        Fact(id="records", kind="number", question="How many records?"),
        Fact(id="leaver", kind="text", question="Who was it?"),
    ),
    phases=(Phase(id="contain", title="Contain"), Phase(id="tell", title="Tell")),
    steps=(
        Step(
            id="cut-off",
            title="Close the way out",
            phase="contain",
            role="commander",
            kind="manual",
            due=Due(within="2h"),
        ),
        Step(
            id="tidy",
            title="Tidy up",
            phase="contain",
            role="commander",
            kind="manual",
            mandatory=False,
        ),
        Step(
            id="await-name",
            title="Wait for the name",
            phase="contain",
            role="counsel",
            kind="wait",
            arguments={"fact": "leaver"},
        ),
        Step(
            id="decide-telling",
            title="Decide whether to tell",
            phase="tell",
            role="counsel",
            kind="decision",
            arguments=_QUESTION,
            due=Due(within="1d"),
        ),
        Step(
            id="tell-customers",
            title="Tell the customers",
            phase="tell",
            role="counsel",
            kind="notify",
            arguments={"notice": "customers"},
            mandatory=False,
        ),
    ),
    notices=(
        Notice(
            id="customers",
            title="Letter to customers",
            audience="customers",
            template="breach",
            channel="mail",
            recipients="customers-affected",
            approvals=Approvals(count=2, roles=("commander", "counsel")),
            due=Due(within="3h"),
        ),
    ),
)


class ToldRun:
    """Takes events at minutes after the start and answers with the run's report.

    `clocks` are what it is told of the duties, `drills` what it is told of drills in all runs.
    """

    def __init__(self, *, kind: str = "incident", zone: str = "Europe/Berlin") -> None:
        self.entries: list[Entry] = []
        self.texts: dict[str, str] = {}
        self.clocks: tuple[DutyClock, ...] = ()
        self.drills: tuple[Played, ...] = ()
        pin = Pin(id="data-breach", version="1.0.0", digest="d" * 64)
        started = RunStarted(
            kind=kind,  # type: ignore[arg-type] # a test writes the word
            title="Export of records",
            severity="sev2",
            playbook=pin,
            zone=zone,
            roles={"commander": "alex"},
        )
        self.add(started)

    def add(
        self,
        event: AnyEvent,
        *,
        by: str = "alex",
        at: float = 0,
        later: float = 0,
        user: str = "root",
    ) -> int:
        """Record the event and return its number; `later` is how much later it was entered."""
        happened = START + dt.timedelta(minutes=at)
        seq = len(self.entries) + 1
        via = Via(user=user, host="desk", terminal="tty1", version="0")
        place = Place(
            run="INC-2026-0001",
            seq=seq,
            prev=self.entries[-1].hash if self.entries else GENESIS,
            recorded_at=happened + dt.timedelta(minutes=later),
            nonce=bytes(16),
            key=f"key-{seq}",
        )
        draft = Draft(event=event, at=happened, by=by, via=via)
        self.entries.append(read_line(write_line(draft, place)))
        return seq

    def seal(self, text: str | None) -> Sealed:
        """Keep a text; None is one that was erased."""
        ref = f"text-{len(self.texts) + 1}"
        self.texts[ref] = "" if text is None else text
        if text is None:
            del self.texts[ref]
            ref = "erased"
        return Sealed(ref=ref, digest="0" * 64)

    @property
    def run(self) -> Run:
        return fold(PLAYBOOK, self.entries)

    @property
    def teller(self) -> Teller:
        return Teller(
            zone=self.run.zone, names=PEOPLE, text=self._open, entries=tuple(self.entries)
        )

    def report(
        self,
        *,
        at: float = 60,
        privileged: bool = False,
        simulated: frozenset[str] = frozenset(),
        counts: dict[str, Counts] | None = None,
        one_account: frozenset[str] = frozenset(),
    ) -> Report:
        """Return the report as it stands so many minutes after the start."""
        return build(
            ReportRequest(
                run=self.run,
                entries=tuple(self.entries),
                now=START + dt.timedelta(minutes=at),
                people={
                    person: PersonView(name=name, simulated=person in simulated)
                    for person, name in PEOPLE.items()
                },
                text=self._open,
                privileged=privileged,
                organisation="Example Contact Centre",
                counts=counts or {},
                one_account=one_account,
                clocks=self.clocks,
                drills=self.drills,
            )
        )

    def _open(self, sealed: Sealed) -> str | None:
        return self.texts.get(sealed.ref)
