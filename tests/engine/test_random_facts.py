"""Laws of clocks: whatever is stated, all shipped rules are computed, alike each time."""

from __future__ import annotations

import datetime as dt

import hypothesis
from hypothesis import strategies as st

from ccir.catalog.rulebook import load_books
from ccir.catalog.sources import Sources
from ccir.domain.deadlines import end_of
from ccir.domain.duty_facts import DutyFact, Facts, facts_read
from ccir.domain.events import FactValue
from ccir.domain.rulebook import Footing, Rulebook
from ccir.engine.duty_clocks import Computed, Timepiece

BOOK = Rulebook(
    books=load_books(Sources(None)),
    footing=Footing(zone="Europe/Berlin", calendar="DE", target_seconds=48 * 3_600),
)
KNOWN = facts_read(entry.duty.rule for entry in BOOK.entries())
PARTS = sorted({part for entry in BOOK.entries() for part in entry.duty.parts})
EXAMPLES = 25  # each computes more than 250 clocks twice
STATED = 60

days = st.dates(dt.date(1900, 1, 1), dt.date(8999, 12, 31)).map(dt.date.isoformat)
near = st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31)).map(dt.date.isoformat)
instants = st.datetimes(
    dt.datetime(2025, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    dt.datetime(2028, 12, 31),  # noqa: DTZ001 - as above
    timezones=st.just(dt.UTC),
).map(dt.datetime.isoformat)
places = st.lists(st.sampled_from([*PARTS, "DE", "FR", "ZZ"]), max_size=5)
words = st.sampled_from(["credit institution", "payment institution", "health", "?"])
nows = st.none() | instants.map(dt.datetime.fromisoformat)


def values_of(  # noqa: C901 - a case each
    fact: DutyFact,
) -> st.SearchStrategy[FactValue]:
    match fact.kind:
        case "moment":
            return near | instants | days
        case "number":
            top = 10_000 if fact.name.endswith("_hours") else 10**10
            return st.sampled_from([0, 249, 250, 499, 500, 501, 1000, 1001, top])
        case "boolean":
            return st.booleans()
        case "list":
            is_closures = fact.name == "extra_closures"
            return st.lists(near, max_size=3) if is_closures else places
        case "map":
            return st.sampled_from(["America/New_York", "Asia/Kathmandu", "Pacific/Apia"])
        case "text":
            return words


@st.composite
def stated(draw: st.DrawFn) -> dict[str, FactValue]:
    """Draw facts out of the whole vocabulary, every third narrowed to a part."""
    names = draw(st.lists(st.sampled_from(sorted(KNOWN)), max_size=STATED, unique=True))
    found: dict[str, FactValue] = {}
    for name in names:
        fact = KNOWN[name]
        is_narrowed = fact.kind == "map" or draw(st.integers(0, 2)) == 0
        part = f":{draw(st.sampled_from(PARTS))}" if is_narrowed else ""
        found[name + part] = draw(values_of(fact))
    return found


def computed(values: dict[str, FactValue], now: dt.datetime | None) -> list[Computed]:
    return Timepiece(BOOK, Facts(values=values)).compute(lambda _: True, now)


@hypothesis.settings(max_examples=EXAMPLES)
@hypothesis.given(values=stated(), now=nows)
def test_every_clock_can_be_computed_and_keeps_its_laws(
    values: dict[str, FactValue], now: dt.datetime | None
) -> None:
    found = computed(values, now)
    assert len(found) == len(list(BOOK.entries()))
    assert found == computed(dict(reversed(values.items())), now), "the same facts, the same clocks"
    piece = Timepiece(BOOK, Facts(values=values))
    for each in found:
        _check(each)
        assert piece.view(each, dt.date(2026, 11, 24)).rule == each.clock.duty.rule.id


def _check(each: Computed) -> None:
    clock, zone = each.clock, each.place.zone
    rule, deadline = clock.duty.rule.id, clock.deadline
    if clock.state == "not-applicable":
        assert (deadline, clock.target, each.due_at) == (None, None, None), rule
    assert bool(clock.because) or clock.state in {"open", "met", "late"}, rule
    if deadline is not None:
        assert end_of(deadline.plan_by, zone) <= end_of(deadline.legal_due, zone), rule
        assert deadline.steps, rule
        assert clock.target is None, rule
    if clock.state == "held":
        assert clock.duty.rule.lawful_delay.law_enforcement, rule
    if clock.state == "undetermined":
        assert clock.missing, rule
