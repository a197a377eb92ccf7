"""What `ccir.toml` may say of duties, and what it is told where it says it wrongly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ccir.config.complaints import SettingsError
from ccir.config.duties import Duties
from ccir.config.loading import load_settings
from ccir.config.settings import Settings

Write = Callable[[str], Path]

WHOLE = """
[obligations]
establishments = ["DE-HE", "US"]
sectors = ["finance", "public_company"]
entity_types = ["insurance intermediary"]
nis2_entity = false
business_associate_is_agent = true
calendar = "DE-HE"
calendars = {EU-DORA-19-INI = "DE"}
zones = {EU = "Europe/Paris", US-CA = "America/Los_Angeles"}
extra_closures = ["2026-12-24"]
internal_target = "48h"

[contracts.big-bank]
client = "Big Bank"
within = "2bd"
clause = "Annex 3"
starts = "discovery"
contact = "duty manager"
timezone = "Europe/London"
calendar = "GB"
read_in = "2026-10"
"""
KEYS = ("client", "within", "clause")
CONTRACT = '[contracts.acme]\nclient = "ACME"\nclause = "7"\n'


def told(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(SettingsError) as caught:
        load_settings(folder)
    return [(".".join(each.path), each.message, each.hint) for each in caught.value.complaints]


def test_nothing_has_to_be_said_of_duties(organised: Settings) -> None:
    assert organised.obligations == Duties()
    assert organised.contracts == {}


def test_everything_that_can_be_said_is_read(write: Write) -> None:
    settings = load_settings(write(WHOLE))
    own, contract = settings.obligations, settings.contracts["big-bank"]
    assert own.establishments == ("DE-HE", "US")
    assert own.target_seconds == 172_800
    assert own.zones["US-CA"] == ZoneInfo("America/Los_Angeles")
    assert own.calendars == {"EU-DORA-19-INI": "DE"}
    assert (own.nis2_entity, own.business_associate_is_agent) == (False, True)
    assert (contract.within, contract.starts) == ("2bd", "discovery")
    assert (contract.timezone, contract.calendar) == (ZoneInfo("Europe/London"), "GB")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('establishments = ["Germany"]', "a country, or one of its states: DE, US-CA"),
        ('establishments = ["de"]', "a country, or one of its states"),
        ('sectors = ["Finance"]', "a sector of the rules"),
        ('zones = {eu = "Europe/Paris"}', "a jurisdiction or a rule"),
        ('zones = {EU = "Mars/Olympus"}', "zone"),
        ('extra_closures = ["24.12.2026"]', "a day in quotes"),
        ('internal_target = "soon"', "15m, 24h, 7d or 2w"),
        ('nis2_entity = "yes"', "expected bool"),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_what_does(
    line: str, expected: str, write: Write
) -> None:
    [(path, message, hint)] = told(write(f"[obligations]\n{line}\n"))
    assert path.startswith(f"obligations.{line.partition(' ')[0]}")
    assert expected in f"{message} {hint}"


@pytest.mark.parametrize("within", ["24", "0h", "24 h", "3w", "h", "-1d", "12345h", "24h\\n"])
def test_a_span_is_a_number_of_hours_days_or_business_days(within: str, write: Write) -> None:
    [(path, message, _)] = told(write(f'{CONTRACT}within = "{within}"\n'))
    assert path == "contracts.acme.within"
    assert "24h, 3d, 2bd" in message


def test_a_contract_says_client_span_and_clause(write: Write) -> None:
    found = told(write("[contracts.acme]\n"))
    assert {path for path, _, _ in found} == {"contracts.acme"}
    assert all(any(f"'{key}'" in message for _, message, _ in found) for key in KEYS)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('starts = "awarness"', "awareness, discovery, suspicion, detection"),
        ('read_in = "2026-13"', "a month in quotes: 2026-10"),
    ],
)
def test_a_contracts_value_that_does_not_fit_is_told(line: str, named: str, write: Write) -> None:
    [(_, message, hint)] = told(write(f'{CONTRACT}within = "24h"\n{line}\n'))
    assert all(word in f"{message} {hint}" for word in named.split(", "))


@pytest.mark.parametrize(
    ("text", "path", "meant"),
    [
        ("[obligations]\nsector = []\n", "obligations.sector", "sectors"),
        ('[obligations]\ntarget = "48h"\n', "obligations.target", "internal_target"),
        (f'{CONTRACT}within = "24h"\ncontcat = "x"\n', "contracts.acme.contcat", "contact"),
        ("[obligation]\n", "obligation", "obligations"),
    ],
)
def test_a_key_that_is_not_known_is_told_with_the_nearest(
    text: str, *, path: str, meant: str, write: Write
) -> None:
    [(found, _, hint)] = told(write(text))
    assert found == path
    assert meant in hint
