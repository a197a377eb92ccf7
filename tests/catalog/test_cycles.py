from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ccir.catalog.cycles import cycles

NAMES = st.sampled_from("abcdef")
GRAPHS = st.dictionaries(NAMES, st.lists(NAMES, max_size=4))


def test_a_circle_begins_and_ends_with_the_same_name() -> None:
    assert [*cycles({"a": ["b"], "b": ["c"], "c": ["a"]})] == [("a", "b", "c", "a")]


def test_what_leads_into_a_circle_is_no_part_of_it() -> None:
    assert [*cycles({"x": ["a"], "a": ["b"], "b": ["a"]})] == [("a", "b", "a")]


def test_a_name_before_itself_is_a_circle() -> None:
    assert [*cycles({"a": ["a"]})] == [("a", "a")]


def test_circles_that_share_a_name_are_each_found() -> None:
    assert [*cycles({"a": ["b", "c"], "b": ["a"], "c": ["a"]})] == [
        ("a", "b", "a"),
        ("a", "c", "a"),
    ]


def test_two_ways_to_one_name_are_no_circle() -> None:
    assert [*cycles({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []})] == []


def test_a_name_without_an_entry_leads_nowhere() -> None:
    assert [*cycles({"a": ["gone"]})] == []


def test_a_chain_deeper_than_pythons_stack_is_walked() -> None:
    chain = {str(number): [str(number + 1)] for number in range(5_000)}
    assert [*cycles(chain)] == []
    [circle] = cycles(chain | {"5000": ["0"]})
    assert len(circle) == 5_002


@given(GRAPHS)
def test_every_circle_follows_edges(before: dict[str, list[str]]) -> None:
    for circle in cycles(before):
        assert circle[0] == circle[-1]
        assert len({*circle}) == len(circle) - 1
        assert all(other in before[name] for name, other in pairwise(circle))


@given(GRAPHS)
def test_nothing_goes_round_once_each_circle_is_broken_up(before: dict[str, list[str]]) -> None:
    found = [*cycles(before)]
    broken = {(circle[-2], circle[-1]) for circle in found}
    left = {
        name: [other for other in others if (name, other) not in broken]
        for name, others in before.items()
    }
    assert not [*cycles(left)]
    assert bool(found) == _goes_round(before)


def _goes_round(before: dict[str, list[str]]) -> bool:
    left = dict(before)
    while left:
        free = [name for name in left if not any(other in left for other in left[name])]
        if not free:
            return True
        for name in free:
            del left[name]
    return False
