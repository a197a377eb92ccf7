from __future__ import annotations

import datetime as dt

import pytest

from ccir.domain.duty_fact_texts import parse_duty_fact
from ccir.domain.duty_facts import DutyFact, DutyFactKind
from ccir.domain.events import FactValue
from ccir.domain.facts import Surroundings
from ccir.domain.moments import zone_of
from ccir.errors import RefusedError, UsageError

NOW = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
AROUND = Surroundings(now=NOW, zone=zone_of("Europe/Berlin"))
KINDS: dict[str, DutyFactKind] = {
    "awareness": "moment",
    "submission:EU-CER-15-INI": "moment",
    "residents": "number",
    "contract_hours": "number",
    "high_risk": "boolean",
    "jurisdictions": "list",
    "entity_type": "text",
    "zones": "map",
    "extra_closures": "list",
}
KNOWN = {name: DutyFact(name=name, kind=kind, question="?") for name, kind in KINDS.items()}


def parsed(name: str, text: str) -> dict[str, FactValue]:
    return parse_duty_fact(name, text, known=KNOWN, around=AROUND)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("awareness", "2026-11-24", "2026-11-24"),
        ("awareness", "2026-11-24T02:30+01:00", "2026-11-24T01:30:00+00:00"),
        ("awareness", "2026-11-24T02:30", "2026-11-24T01:30:00+00:00"),  # the zone's
        ("awareness", "02:30", "2026-11-24T01:30:00+00:00"),
        ("awareness", "now", "2026-11-24T02:00:00+00:00"),
        ("awareness:US-CA", "2028-02-29", "2028-02-29"),
        ("submission:EU-CER-15-INI", "2026-11-24", "2026-11-24"),
        ("residents", "10_000", 10_000),
        ("residents:US-CA", "501", 501),
        ("residents", "0", 0),
        ("high_risk", "Yes", True),
        ("high_risk:EU-GDPR-34-DS", "false", False),
        ("jurisdictions", "DE, US-CA,", ["DE", "US-CA"]),
        ("jurisdictions", '["DE", "US-CA"]', ["DE", "US-CA"]),
        ("jurisdictions", "[]", []),
        ("entity_type", "credit institution", "credit institution"),
        ("extra_closures", "2026-12-24, 2026-12-31", ["2026-12-24", "2026-12-31"]),
    ],
)
def test_a_text_becomes_its_value(name: str, text: str, value: FactValue) -> None:
    assert parsed(name, text) == {name: value}


def test_a_map_states_the_fact_for_several_parts() -> None:
    assert parsed("residents", '{"US-CA": 501, "US-NY": "12"}') == {
        "residents:US-CA": 501,
        "residents:US-NY": 12,
    }
    assert parsed("high_risk", '{"EU-GDPR-34-DS": true}') == {"high_risk:EU-GDPR-34-DS": True}
    assert parsed("awareness", '{"EU-CER-15-INI.1": "2026-11-24"}') == {
        "awareness:EU-CER-15-INI.1": "2026-11-24"
    }
    assert parsed("zones", '{"US-CA": "America/Los_Angeles"}') == {
        "zones:US-CA": "America/Los_Angeles"
    }
    assert parsed("residents", "{}") == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("awareness", "2026-02-29"),
        ("awareness", "2026-13-01"),
        ("awareness", "yesterday"),
        ("awareness", "0001-01-01"),
        ("awareness", "9998-12-30T08:00Z"),  # the arithmetic could not go on from it
        ("residents", "501.5"),
        ("residents", "-1"),
        ("residents", "many"),
        ("residents", "100000000000"),
        ("contract_hours", "10001"),
        ("residents", '{"US-CA": null}'),
        ("residents", '{"us-ca": 5}'),
        ("residents", '{"US-CA": 5'),
        ("residents", '{"A":' + "[" * 3000),
        ("high_risk", "maybe"),
        ("high_risk", "1"),
        ("jurisdictions", "[DE]"),
        ("jurisdictions", "[1]"),
        ("jurisdictions", "[" * 3000),
        ("zones", "Europe/Berlin"),
        ("zones", '["Europe/Berlin"]'),
        ("zones", '{"EU": "Mars/Olympus"}'),  # its run would have no clock any more
        ("zones", '{"EU": ""}'),
        ("extra_closures", "2026-12-24, soon"),
        ("extra_closures", '["2026-02-30"]'),
        ("entity_type", ""),
        ("entity_type", "x" * 4001),
    ],
)
def test_what_does_not_fit_its_kind_is_refused_with_what_is_expected(name: str, text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parsed(name, text)
    assert refused.value.hint


def test_an_unknown_fact_is_refused_with_the_nearest_one() -> None:
    for name, near in (("awarness", "awareness"), ("resident:US-CA", "residents")):
        with pytest.raises(UsageError) as refused:
            parsed(name, "501")
        assert refused.value.hint == f"did you mean '{near}'?"
    with pytest.raises(UsageError) as unlike:
        parsed("zzzzzz", "501")
    assert "ccir obligations facts" in (unlike.value.hint or "")
    with pytest.raises(UsageError):
        parsed("residents:us-ca", "501")


def test_a_card_number_is_never_kept() -> None:
    with pytest.raises(RefusedError):
        parsed("entity_type", "card 4111 1111 1111 1111")
    with pytest.raises(RefusedError):
        parsed("residents", '{"US-CA": 4111111111111111}')
