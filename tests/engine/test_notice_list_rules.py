from __future__ import annotations

import msgspec
import pytest

from ccir.channels.interface import Traits
from ccir.delivery.recipient_rules import ListRules
from ccir.domain.ledger import Mark
from ccir.domain.notices import LedgerState
from ccir.domain.playbook import Notice, WhenUnknown
from ccir.domain.suppressions import Suppression, SuppressionReason
from ccir.engine.handle import load
from ccir.engine.notice_list_rules import Asked, list_rules, told_before
from ccir.engine.workspace import Workspace
from support.returned_notice import KEY, ROWS, RUN, key_of

ALL = frozenset({"accepted", "unknown"})
PLAIN = Asked(channel="mail")
AGAIN = Asked(channel="mail", again=True)
UNREACHED = Asked(channel="mail", only_unreached=True)
MAIL, LETTER = Traits(), Traits(form="letter")


def rules(
    workspace: Workspace,
    *,
    asked: Asked = PLAIN,
    traits: Traits = MAIL,
    when_unknown: WhenUnknown = "ask",
    obligations: tuple[str, ...] = (),
) -> ListRules:
    run = load(workspace, RUN).run
    [notice] = run.playbook.notices
    changed: Notice = msgspec.structs.replace(
        notice, when_unknown=when_unknown, obligations=obligations
    )
    return list_rules(workspace, run, changed, asked=asked, languages=("en",), traits=traits)


def bars(workspace: Workspace, found: ListRules) -> list[str | None]:
    """What is in the way of each row of the version, and of somebody who was on no list."""
    keys = [*(key_of(workspace, row) for row in range(1, ROWS + 1)), "ff"]
    return [found.bar(key) for key in keys]


def mark(workspace: Workspace, *states: LedgerState, person: bool = False) -> None:
    workspace.stores.ledger.mark(
        KEY,
        [
            Mark(row=row, state=state, basis="person" if person else "report", known=ALL)  # type: ignore[arg-type] # a set of states
            for row, state in enumerate(states, 1)
        ],
    )


def suppress(workspace: Workspace, key: str, reason: SuppressionReason = "dead-address") -> None:
    entry = Suppression(key=key, reason=reason, at=workspace.clock.now(), run=RUN)
    workspace.stores.people.suppress([entry])


def test_who_may_have_been_told_is_not_told_again(accepted: Workspace) -> None:
    told = ["already_told"] * ROWS
    assert bars(accepted, rules(accepted)) == [*told, None]
    assert bars(accepted, rules(accepted, asked=AGAIN)) == [None] * (ROWS + 1)


def test_who_came_back_or_was_refused_is_told_by_the_next_version(accepted: Workspace) -> None:
    mark(accepted, "bounced", "refused-permanent")
    expected = [None, None, "already_told", "already_told"]
    assert bars(accepted, rules(accepted)) == [*expected, None]


def test_only_the_unreached_leaves_out_who_was_on_no_list(accepted: Workspace) -> None:
    mark(accepted, "bounced", "refused-temporary", "delivered")
    found = bars(accepted, rules(accepted, asked=UNREACHED))
    assert found == [None, None, "already_told", "already_told", "left_out"]


@pytest.mark.parametrize(("asked", "other"), [(UNREACHED, "left_out"), (PLAIN, None)])
def test_a_doubt_is_passed_on_to_another_channel_where_the_playbook_says_so(
    accepted: Workspace, *, asked: Asked, other: str | None
) -> None:
    told = ["already_told"] * (ROWS - 1)
    passed_on = rules(accepted, asked=asked, when_unknown="other-channel")
    assert bars(accepted, passed_on) == [*told, None, other]
    same = msgspec.structs.replace(asked, channel=KEY.channel)
    kept = rules(accepted, asked=same, when_unknown="other-channel")
    assert bars(accepted, kept) == [*told, "already_told", other], "never twice through one"


def test_whom_a_person_gave_up_is_unreached_and_whom_a_version_superseded_is_not(
    accepted: Workspace,
) -> None:
    mark(accepted, "superseded", person=True)
    accepted.stores.ledger.plan(KEY, [(5, "ee")])
    accepted.stores.ledger.supersede(KEY)
    found = rules(accepted, asked=UNREACHED)
    assert bars(accepted, found)[0] is None
    assert found.bar("ee") == "left_out"


def test_the_newest_version_that_tried_counts(accepted: Workspace) -> None:
    mark(accepted, "bounced", "bounced")
    later = msgspec.structs.replace(KEY, version=2)
    run = load(accepted, RUN).run
    second = msgspec.structs.replace(run.notices["customers"][0], version=2)
    ledger = accepted.stores.ledger
    ledger.plan(later, [(1, key_of(accepted, 1)), (2, key_of(accepted, 2))])
    known = frozenset({"planned"})
    ledger.mark(later, [Mark(row=1, state="accepted", basis="answer", known=known)])  # type: ignore[arg-type] # a set of states
    both = msgspec.structs.replace(run, notices={"customers": (*run.notices["customers"], second)})
    [notice] = run.playbook.notices
    found = list_rules(accepted, both, notice, asked=UNREACHED, languages=("en",), traits=LETTER)
    assert bars(accepted, found)[:2] == ["already_told", None]


def test_a_dead_address_gets_no_mail_and_its_owner_another_channel(accepted: Workspace) -> None:
    mark(accepted, "bounced")
    for key in (key_of(accepted, 1), "ff"):
        suppress(accepted, key)
    assert bars(accepted, rules(accepted))[:2] == ["suppressed", "already_told"]
    letters = rules(accepted, asked=UNREACHED, traits=LETTER)
    assert bars(accepted, letters) == [None, *["already_told"] * (ROWS - 1), None]


@pytest.mark.parametrize("obligations", [(), ("eu-gdpr-art34",)])
def test_a_complaint_keeps_away_what_nobody_owes(
    accepted: Workspace, obligations: tuple[str, ...]
) -> None:
    suppress(accepted, "ff", "complaint")
    bar = bars(accepted, rules(accepted, obligations=obligations))[-1]
    assert bar == (None if obligations else "suppressed")


def test_nobody_was_told_before_where_it_is_sent_again(accepted: Workspace) -> None:
    run = load(accepted, RUN).run
    [notice] = run.playbook.notices
    assert len(told_before(accepted, run, notice, asked=PLAIN)) == ROWS
    assert told_before(accepted, run, notice, asked=AGAIN) == set()
