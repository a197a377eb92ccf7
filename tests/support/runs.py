"""A small playbook that has something of everything, and runs of it at fixed times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import reduce

import msgspec

from ccir.domain.commands import AnyCommand
from ccir.domain.conditions import Compare, Condition, Literally, Name
from ccir.domain.decide import decide
from ccir.domain.elapsed import elapsed
from ccir.domain.events import SYSTEM, AnyEvent, Pin, RunStarted, Sealed
from ccir.domain.evolve import evolve, fold
from ccir.domain.playbook import (
    Approvals,
    Due,
    Fact,
    Notice,
    Phase,
    Playbook,
    Role,
    Service,
    Severity,
    Step,
    When,
)
from ccir.domain.record import GENESIS, Draft, Entry, Place, Via, digest, read_line, write_line
from ccir.domain.run import Run

RUN = "INC-2026-0001"
START = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)  # a Monday, 09:00 in Berlin
VIA = Via(user="alex", host="desk-1", terminal="pts/0", version="0.1.0")
PIN = Pin(id="leak", version="1.2.0", digest="ab" * 32)
RULES = Pin(id="rules", version="1.1.0", digest="cd" * 32)


def later(minutes: float = 0, **more: float) -> dt.datetime:
    """Return the moment so long after the start: `later(5)`, `later(hours=72)`."""
    return START + dt.timedelta(minutes=minutes, **more)


def sealed(text: str = "a reason") -> Sealed:
    """Return a reference to a sealed text, the same for the same text."""
    return Sealed(ref=f"text-{digest(text.encode())[:8]}", digest=digest(text.encode()))


def decided(step: str, option: str) -> When:
    """Return the condition that a decision chose an option."""
    return when(
        f'decision["{step}"] == "{option}"',
        Compare(comparison="eq", left=Name(path=f"decision.{step}"), right=Literally(value=option)),
    )


def when(source: str, test: Condition | None = None) -> When:
    """Return a condition; by default that the fact named by the source is true."""
    return When(source=source, test=Name(path=source) if test is None else test)


def step(name: str, **changes: object) -> Step:
    """Return a manual step of the operations role, unless said otherwise."""
    given: dict[str, object] = {
        "id": name,
        "title": name.replace("-", " ").capitalize(),
        "phase": "detect",
        "role": "operations",
        "kind": "manual",
    }
    return Step(**(given | changes))  # type: ignore[arg-type] # any field may be given


def playbook_of(*steps: Step, facts: tuple[Fact, ...] | None = None) -> Playbook:
    """Return the test playbook with these steps instead of its own."""
    changes: dict[str, object] = {} if facts is None else {"facts": facts}
    return msgspec.structs.replace(PLAYBOOK, steps=steps, **changes)


AWARENESS = Fact(id="awareness", kind="moment", question="Since when is it known?", required=True)
STEPS = (
    step("triage", due=Due(within="1h")),
    step("preserve", needs=("triage",), evidence="a disk image"),
    step(
        "isolate",
        phase="contain",
        role="commander",
        kind="decision",
        needs=("triage",),
        due=Due(within="4h", after="fact:awareness"),
        arguments={
            "question": "Is the network cut off?",
            "options": {"cut-off": "all goes dark", "watch": "the intruder stays"},
        },
    ),
    step("cut-network", phase="contain", needs=("isolate",), when=decided("isolate", "cut-off")),
    step("tell-police", phase="contain", role="privacy", when=when("ransom"), mandatory=False),
    step("await-awareness", role="commander", kind="wait", arguments={"fact": "awareness"}),
    step(
        "check-backup",
        phase="recover",
        kind="backup-check",
        needs=("triage",),
        on_failure="find-copy",
        arguments={"target": "customer-records"},
    ),
    step("find-copy", phase="recover"),
    step("scan", phase="recover", kind="command", on_failure="continue", mandatory=False),
    step(
        "rebuild",
        phase="recover",
        kind="restore",
        needs=("check-backup", "scan", "await-awareness"),
    ),
    step(
        "cool-down",
        phase="recover",
        kind="wait",
        role="commander",
        needs=("rebuild",),
        arguments={"until": {"within": "24h", "after": "step:rebuild"}},
    ),
    step(
        "tell-customers",
        phase="contain",
        role="communications",
        kind="notify",
        needs=("isolate",),
        due=Due(within="72h", after="fact:awareness"),
        arguments={"notice": "customers"},
    ),
    step(
        "review",
        phase="recover",
        role="commander",
        needs=("tell-customers", "cool-down"),
        due=Due(within="5bd", after="step:rebuild"),
    ),
)
PLAYBOOK = Playbook(
    id="leak",
    version="1.2.0",
    title="Customer records leaked",
    summary="A small plan with something of everything",
    severities=(
        Severity(id="sev1", meaning="Customers are harmed"),
        Severity(id="sev2", meaning="Customers may be harmed"),
    ),
    roles=(
        Role(id="commander", title="Incident commander", duties="Leads"),
        Role(id="deputy", title="Deputy", duties="Leads when the commander cannot"),
        Role(id="privacy", title="Privacy officer", duties="Judges duties to tell"),
        Role(id="operations", title="Operations lead", duties="Runs the systems"),
        Role(id="communications", title="Communications lead", duties="Tells people"),
    ),
    facts=(
        AWARENESS,
        Fact(id="records", kind="number", question="How many records?"),
        Fact(id="ransom", kind="boolean", question="Is money asked for?"),
        Fact(id="region", kind="choice", question="Where?", choices=("europe", "america")),
        Fact(id="data_types", kind="list", question="Which data?", choices=("card", "contact")),
        Fact(id="systems", kind="list", question="Which systems?"),
        Fact(id="story", kind="text", question="What happened?"),
    ),
    phases=(
        Phase(id="detect", title="Detect"),
        Phase(id="contain", title="Contain"),
        Phase(id="recover", title="Recover"),
    ),
    steps=STEPS,
    notices=(
        Notice(
            id="customers",
            title="To the customers",
            audience="customers",
            template="breach-customers",
            channel="customer-mail",
            recipients="customers-affected",
            approvals=Approvals(count=2, roles=("privacy", "commander")),
            after="isolate",
            due=Due(within="72h", after="fact:awareness"),
        ),
        Notice(
            id="staff",
            title="To the staff",
            audience="employees",
            template="breach-staff",
            channel="team",
            recipients="employees",
        ),
    ),
    services=(
        Service(
            id="calls",
            name="Taking calls",
            rto="4h",
            rpo="24h",
            maximum_outage="1d",
            workaround="Mobile phones",
        ),
    ),
)
PEOPLE = {"commander": "alex", "deputy": "dana", "privacy": "blake", "operations": "chris"}
STARTED = RunStarted(
    kind="incident",
    title="Records for sale",
    severity="sev2",
    playbook=PIN,
    zone="Europe/Berlin",
    roles=PEOPLE,
    rules=RULES,
)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """An event with its own moment, person or operating-system account."""

    event: AnyEvent
    at: dt.datetime | None = None
    by: str = "alex"
    account: str = "alex"


def lines_of(events: Iterable[AnyEvent | Said], *, after: Entry | None = None) -> list[bytes]:
    """Return the events' chained lines; without a time of its own, one event a minute."""
    lines: list[bytes] = []
    seq, prev = (0, GENESIS) if after is None else (after.seq, after.hash)
    for number, given_event in enumerate(events, start=seq + 1):
        said = given_event if isinstance(given_event, Said) else Said(event=given_event)
        at = said.at or later(number - 1)
        via = msgspec.structs.replace(VIA, user=said.account)
        line = write_line(
            Draft(event=said.event, at=at, by=said.by, via=via),
            Place(
                run=RUN,
                seq=number,
                prev=prev,
                recorded_at=max(at, later(number - 1)),
                nonce=number.to_bytes(16, "big"),
                key=f"{number:032x}",
            ),
        )
        lines.append(line)
        prev = digest(line)
    return lines


def log_of(*events: AnyEvent | Said) -> list[Entry]:
    """Return the entries of a run that started, and of the events after that."""
    return [read_line(line) for line in lines_of((STARTED, *events))]


def given(*events: AnyEvent | Said, playbook: Playbook = PLAYBOOK) -> Run:
    """Return the run that started and then saw these events."""
    return fold(playbook, log_of(*events))


def carried_out(
    run: Run, command: AnyCommand, now: dt.datetime, *, last: Entry | None
) -> tuple[Run, list[Entry]]:
    """Return the run after a command, and its new entries, as the engine would make them."""
    made = decide(run, command, now)
    by_itself = [Said(event=event, at=at, by=SYSTEM) for at, event in elapsed(run, now)]
    said = [*by_itself, *(Said(event=event, at=now, by=command.by) for event in made)]
    entries = [read_line(line) for line in lines_of(said, after=last)]
    return reduce(evolve, entries, run), entries
