from __future__ import annotations

import pytest

from ccir.delivery.recipient_rules import LEFT_OUT, TOLD, Fate, ListRules
from ccir.domain.manual_queue import Decision, QueueReason

KEY = "k"


def rules(*, is_owed: bool = True, included: frozenset[QueueReason] = frozenset()) -> ListRules:
    return ListRules(languages=["en"], key_of=str, is_owed=is_owed, included=included)


@pytest.mark.parametrize("is_owed", [True, False])
def test_who_has_no_flag_is_told_and_who_has_one_waits(is_owed: bool) -> None:  # noqa: FBT001 - pytest passes by name
    judged = rules(is_owed=is_owed)
    assert judged.fate(KEY, ()) == TOLD
    assert judged.fate(KEY, ("deceased", "minor")) == Fate(reasons=("deceased", "minor"))


def test_who_opted_out_waits_only_where_the_law_requires_the_notice() -> None:
    assert rules(is_owed=False).fate(KEY, ("minor", "opt-out")) == LEFT_OUT
    assert rules().fate(KEY, ("opt-out",)) == Fate(reasons=("opt-out",))


def test_a_reason_that_is_included_lets_nobody_wait_but_another_does() -> None:
    judged = rules(included=frozenset({"minor"}))
    assert judged.fate(KEY, ("minor",)) == TOLD
    assert judged.fate(KEY, ("deceased", "minor")) == Fate(reasons=("deceased",))


@pytest.mark.parametrize(("is_included", "fate"), [(True, TOLD), (False, LEFT_OUT)])
def test_a_decision_counts_for_its_person_and_its_reasons(is_included: bool, fate: Fate) -> None:  # noqa: FBT001 - pytest passes by name
    decision = Decision(key=KEY, reasons=("minor",), is_included=is_included)
    judged = ListRules(languages=["en"], key_of=str, is_owed=True, decisions={KEY: decision})
    assert judged.fate(KEY, ("minor",)) == fate
    assert judged.fate("other", ("minor",)) == Fate(reasons=("minor",))
    assert judged.fate(KEY, ("legal-hold", "minor")) == Fate(reasons=("legal-hold", "minor"))


def test_what_is_in_the_way_of_a_row_is_said_the_gravest_first() -> None:
    rules = ListRules(
        languages=("en",), key_of=str, told={"a", "b"}, suppressed={"b", "c"}, only={"b", "c", "d"}
    )
    assert [rules.bar(key) for key in "abcde"] == [
        "already_told",
        "already_told",
        "suppressed",
        None,
        "left_out",
    ]
