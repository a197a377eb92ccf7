"""What the screen says of clocks: the table of what is due, and how one was computed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ccir.cli.session import Session
from ccir.cli.words import remaining

if TYPE_CHECKING:
    from ccir.engine.duty_clocks import ClockView, Computed
    from ccir.engine.run_clocks import RunClocks

_MISSING_SHOWN = 4
_PLACES = "jurisdictions"
_NOT_DUE = {"not-applicable", "met", "waived"}


def show_table(
    session: Session,
    clocks: Sequence[ClockView],
    *,
    left: Sequence[str] = (),
    hints: Sequence[str] = (),
    styles: Sequence[str] = (),
) -> None:
    """Print the clocks in a table; `left` says how much time each has, `hints` what to do."""
    columns: tuple[str, ...] = ("work to", "rule, whom to tell, what to know")
    added = hints or [""] * len(clocks)
    rows = [
        [short(view.plan_by or view.target), _told(view, hint)]
        for view, hint in zip(clocks, added, strict=True)
    ]
    if left:
        columns = ("left", *columns)
        rows = [[words, *row] for words, row in zip(left, rows, strict=True)]
    session.speech.table(columns, rows, styles=list(styles))


def show_clocks(session: Session, clocks: RunClocks, *, everything: bool) -> None:
    """Print a run's clocks, soonest first, and what else waits for facts."""
    from ccir.engine.obligations import DISCLAIMER

    found = clocks.all(session.now)
    today = session.now.date()
    views = [clocks.timepiece.view(each, today) for each in found]
    if session.speech.result({"run": clocks.run.id, "disclaimer": DISCLAIMER, "clocks": views}):
        return
    shown = [
        (computed, view)
        for computed, view in zip(found, views, strict=True)
        if everything or not _is_quiet(view)
    ]
    if shown:
        show_table(
            session,
            [view for _, view in shown],
            left=[_left(computed, session.now) for computed, _ in shown],
            hints=[_way(clocks, computed) for computed, _ in shown],
            styles=[_style(computed, session.now) for computed, _ in shown],
        )
    else:
        session.speech.say("no clock runs yet: `ccir fact ask` asks for what starts them")
    _show_rest(session, views, everything=everything)
    _show_notes(session, clocks)
    session.speech.say(DISCLAIMER)


def _style(computed: Computed, now: dt.datetime) -> str:
    """Return red for what is late and not done, yellow from where its time is nearly used."""
    from ccir.domain.clocks import AMBER_FROM, used

    clock = computed.clock
    if clock.state == "late" and clock.is_owed:
        return "bold red"
    is_timed = clock.state in {"open", "late", "undetermined"}
    share = used(clock, now, computed.place.zone) if is_timed else None
    return "yellow" if share is not None and share >= AMBER_FROM else ""


def _is_quiet(view: ClockView) -> bool:
    """Return whether a clock says nothing to whoever leads: not owed, done, or without a time."""
    if view.state in {"not-applicable", "waived"}:
        return True
    if view.state == "undetermined" and _PLACES in view.missing:
        return True
    return view.state in {"undetermined", "open"} and not (view.plan_by or view.target)


def _show_rest(session: Session, views: Sequence[ClockView], *, everything: bool) -> None:
    if everything:
        return
    from ccir.domain.duty_facts import is_an_act

    without = [view for view in views if view.state == "open" and _is_quiet(view)]
    if without:
        names = ", ".join(view.rule for view in without)
        session.speech.say(f"without a number, at once or without delay: {names}")
    waiting = [view for view in views if view.state == "undetermined" and _is_quiet(view)]
    after = [view for view in waiting if all(map(is_an_act, view.missing))]
    if after:
        names = ", ".join(view.rule for view in after)
        session.speech.say(f"open once others are told: {names}")
    asked = [view for view in waiting if view not in after]
    if asked:
        missing = Counter(name for view in asked for name in view.missing if not is_an_act(name))
        names = ", ".join(name for name, _ in missing.most_common(_MISSING_SHOWN))
        session.speech.say(f"{len(asked)} more wait for facts ({names} …): `ccir fact ask`")
    quiet = sum(view.state in {"not-applicable", "waived"} for view in views)
    if quiet:
        session.speech.say(f"{quiet} do not apply or are waived: `ccir clocks --all`")


def _show_notes(session: Session, clocks: RunClocks) -> None:
    from ccir.engine.pinned_rules import rules_drift

    unknown = clocks.unknown_places()
    if unknown:
        places = ", ".join(unknown)
        session.speech.say(f"note: no rule is of {places}; write countries as DE, states as US-CA")
    if rules_drift(session.workspace, clocks.run):
        session.speech.say(
            "note: rules, settings or contracts have changed, and this run keeps those it has: "
            "`ccir clocks renew --reason …`"
        )


def show_explained(session: Session, view: ClockView) -> None:
    """Print one clock with its basis, its steps, its source and its doubts."""
    session.speech.say(f"{view.rule}: {view.citation}", f"tell: {view.recipient_name}")
    trigger = f"{view.trigger.event} {view.trigger.at or 'unknown'}"
    found = {
        "state": f"{view.state} ({view.because})" if view.because else view.state,
        "starts": trigger,
        "basis": view.basis,
        "step": view.steps,
        "work to": view.plan_by,
        "at the latest": view.legal_due,
        "contested": "authorities or authors read it in more than one way" * view.contested,
        "own target": view.target,
        "submitted": view.submitted,
        "missing": ", ".join(view.missing),
        "counted in": f"{view.zone}, calendar {view.calendar}",
        "verified": f"{view.verified.status}, as of {view.verified.as_of or 'unknown'}",
        "doubt": view.doubts,
    }
    for label, text in found.items():
        for line in (text,) if isinstance(text, str) else text or ():
            if line:
                session.speech.say(f"{label}: {line}")


def _left(computed: Computed, now: dt.datetime) -> str:
    return remaining(computed.due_at, now) if computed.clock.is_owed else ""


def _way(clocks: RunClocks, computed: Computed) -> str:
    clock = computed.clock
    if not clock.is_owed or clock.state == "undetermined":
        return ""
    return clocks.way_to_meet(clock.duty.rule.id)


def _told(view: ClockView, hint: str) -> str:
    stage = f" ({view.stage})" if view.stage else ""
    title = f"{view.rule} {view.state}: {view.recipient_name}{stage}"
    lines = (title, _note(view), "; ".join(view.doubts), hint)
    return "\n  ".join(filter(None, lines))


def _note(view: ClockView) -> str:
    """Return the few words that stand below a clock: the latest reading, what is missing."""
    has_other = view.legal_due is not None and view.legal_due != view.plan_by
    missing = f"missing: {', '.join(view.missing)}" if view.missing else ""
    own = "own target, the law has no number" if view.target and not view.plan_by else ""
    parts = (
        f"at the latest {short(view.legal_due)}" if has_other else "",
        "contested" if view.contested else "",
        own,
        "" if view.state == "undetermined" else view.because,
        "" if view.state in _NOT_DUE else missing,
    )
    return "; ".join(filter(None, parts))


def short(text: str | None) -> str:
    """Return a day as it is, and an instant without its seconds."""
    if text is None or "T" not in text:
        return text or ""
    moment = dt.datetime.fromisoformat(text)
    return f"{moment:%Y-%m-%d %H:%M} {moment:%z}"
