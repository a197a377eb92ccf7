"""What a command leads to: the events it makes, or why the rules refuse it."""

from __future__ import annotations

import datetime as dt
from difflib import get_close_matches

from ccir.domain import commands as c
from ccir.domain import events as e
from ccir.domain.board import board
from ccir.domain.deciding_duties import (
    confirm_fact,
    is_starting_moment,
    meet_duty,
    record_fact,
    renew_rules,
    waive_duty,
)
from ccir.domain.deciding_notices import (
    approve,
    begin_sending,
    deny,
    end_sending,
    halt_sending,
    release_sending,
    store_version,
)
from ccir.domain.deciding_steps import decide_step, existing_step
from ccir.domain.run import COMMANDER, SETTLED, Run
from ccir.errors import NotFoundError, RefusedError

Events = list[e.AnyEvent]


def decide(run: Run, command: c.AnyCommand, now: dt.datetime) -> Events:  # noqa: C901 - a case each
    """Return the events that the command leads to at `now`; the run is not changed.

    Raises:
        RefusedError: the run's rules do not allow it.
        NotFoundError: it names a step, fact, role, notice or event that is not there.
    """
    _refuse_wrong_state(run, command)
    match command:
        case c.StartRun():
            return _start(run, command)
        case c.RecordFact():
            return record_fact(run, command)
        case c.ConfirmFact():
            return confirm_fact(run, command)
        case c.MeetDuty():
            return meet_duty(run, command)
        case c.ExplainDelay(rule=rule, reason=reason):
            return [e.DelayExplained(rule=rule, reason=reason)]
        case c.WaiveDuty():
            return waive_duty(run, command)
        case c.RenewRules():
            return renew_rules(run, command)
        case c.AssignRole(role=role, person=person):
            return [e.RoleAssigned(role=_role(run, role), person=person)]
        case c.HandOverRole():
            return _hand_over(run, command)
        case c.ChangeSeverity():
            return _change_severity(run, command)
        case c.AddNote(text=text, privileged=privileged):
            return [e.NoteAdded(text=text, privileged=privileged)]
        case c.AddEvidence():
            return _add_evidence(run, command)
        case c.CorrectEvent():
            return _correct(run, command)
        case c.PlaceHold() | c.ReleaseHold():
            return _hold(run, command)
        case c.CloseRun():
            return _close(run, command, now)
        case c.ReopenRun(reason=reason):
            return [e.RunReopened(reason=reason)]
        case c.RecordOutcome(outcome=outcome):
            return [outcome]
        case c.StoreVersion():
            return store_version(run, command)
        case c.ApproveNotice():
            return approve(run, command, now)
        case c.DenyNotice():
            return deny(run, command)
        case c.HaltSending():
            return halt_sending(run, command)
        case c.ReleaseSending():
            return release_sending(run, command)
        case c.BeginSending():
            return begin_sending(run, command, now)
        case c.EndSending():
            return end_sending(run, command)
        case _:
            return decide_step(run, command, now)


def _refuse_wrong_state(run: Run, command: c.AnyCommand) -> None:
    if isinstance(command, c.StartRun):
        return
    if isinstance(command, c.ReopenRun):
        if run.state != "closed":
            raise RefusedError(f"{run.id} is not closed", hint="nothing to reopen")
        return
    if run.state != "open" and not isinstance(command, _ALSO_AFTER_CLOSING):
        raise RefusedError(
            f"{run.id} is {run.state}", hint=f"`ccir reopen --run {run.id} --reason …` first"
        )


# A hold, a note, a correction and what still came in from outside are taken after the end too.
_ALSO_AFTER_CLOSING = (
    c.AddNote,
    c.AddEvidence,
    c.CorrectEvent,
    c.MeetDuty,
    c.ExplainDelay,
    c.WaiveDuty,
    c.PlaceHold,
    c.ReleaseHold,
    c.EndSending,
    c.RecordOutcome,
)


def _start(run: Run, command: c.StartRun) -> Events:
    if run.state != "unstarted":
        raise RefusedError(f"{run.id} has already started", hint="start another run")
    severities = [level.id for level in run.playbook.severities]
    severity = command.severity or severities[0]
    started = e.RunStarted(
        kind=command.kind,
        title=command.title,
        severity=_severity(run, severity),
        playbook=command.playbook,
        zone=command.zone,
        roles=_starting_roles(run, command.roles),
        rules=command.rules,
    )
    facts = [e.FactRecorded(name=name, value=value) for name, value in command.facts.items()]
    return [started, *facts]


def _starting_roles(run: Run, roles: dict[str, str]) -> dict[str, str]:
    declared = {role.id for role in run.playbook.roles}
    return {role: person for role, person in roles.items() if role in declared}


def _severity(run: Run, severity: str) -> str:
    known = [level.id for level in run.playbook.severities]
    if severity not in known:
        raise NotFoundError(
            f"'{severity}' is no severity of playbook '{run.playbook.id}'",
            hint=f"its levels, most severe first: {', '.join(known)}",
        )
    return severity


def _role(run: Run, role: str) -> str:
    known = [each.id for each in run.playbook.roles]
    if role not in known:
        near = get_close_matches(role, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"its roles: {', '.join(known)}"
        raise NotFoundError(f"playbook '{run.playbook.id}' has no role '{role}'", hint=hint)
    return role


def _hand_over(run: Run, command: c.HandOverRole) -> Events:
    role = _role(run, command.role)
    previous = run.roles.get(role, "")
    if command.by not in (previous, run.roles.get(COMMANDER)) and previous:
        raise RefusedError(
            f"{command.by} does not hold the role '{role}'",
            hint=f"{previous} holds it and can hand it over",
        )
    return [e.RoleHandedOver(role=role, previous=previous, person=command.person)]


def _change_severity(run: Run, command: c.ChangeSeverity) -> Events:
    severity = _severity(run, command.severity)
    if severity == run.severity:
        raise RefusedError(f"the severity already is {severity}", hint="nothing to change")
    return [e.SeverityChanged(previous=run.severity, severity=severity, reason=command.reason)]


def _add_evidence(run: Run, command: c.AddEvidence) -> Events:
    if command.step is not None:
        existing_step(run, command.step)
    return [
        e.EvidenceAdded(
            sha256=command.sha256,
            size_bytes=command.size_bytes,
            name=command.name,
            step=command.step,
        )
    ]


def _correct(run: Run, command: c.CorrectEvent) -> Events:
    if not 1 <= command.seq <= run.seq:
        raise NotFoundError(
            f"{run.id} has no event {command.seq}", hint="`ccir log` shows the numbers"
        )
    events: Events = [e.EventCorrected(seq=command.seq, reason=command.reason)]
    if command.value is not None:
        name, source = _fact_at(run, command.seq)
        if is_starting_moment(name):
            raise RefusedError(
                f"clocks run from '{name}', so changing it takes two people",
                hint=f"`ccir fact set {name}=… --reason …`, then `ccir fact confirm {name}`",
            )
        events.append(e.FactRecorded(name=name, value=command.value, source=source))
    return events


def _fact_at(run: Run, seq: int) -> tuple[str, str]:
    for name, entries in run.facts.items():
        for entry in entries:
            if entry.seq == seq:
                return name, entry.source
    raise RefusedError(f"event {seq} is no fact", hint="leave --value out: it is for facts only")


def _hold(run: Run, command: c.PlaceHold | c.ReleaseHold) -> Events:
    wants_hold = isinstance(command, c.PlaceHold)
    if run.held == wants_hold:
        state = "already under" if wants_hold else "not under"
        raise RefusedError(f"{run.id} is {state} legal hold", hint="nothing to change")
    if wants_hold:
        return [e.HoldPlaced(reason=command.reason)]
    return [e.HoldReleased(reason=command.reason)]


def _close(run: Run, command: c.CloseRun, now: dt.datetime) -> Events:
    left = [view.step for view in board(run, now) if view.state not in SETTLED]
    mandatory = tuple(step.id for step in left if step.mandatory)
    if not mandatory:
        return [e.RunClosed(outcome=command.outcome, reason=command.reason)]
    if command.outcome == "resolved":
        raise RefusedError(
            f"{len(mandatory)} mandatory steps are open: {', '.join(mandatory)}",
            hint="finish or skip them (`ccir next`), or close as false-alarm or duplicate",
        )
    if command.reason is None:
        raise RefusedError(
            f"closing as {command.outcome} waives {len(mandatory)} open mandatory steps",
            hint="give --reason",
        )
    return [e.RunClosed(outcome=command.outcome, reason=command.reason, waived=mandatory)]
