"""A run keeps its rules until somebody renews them."""

from __future__ import annotations

from support.cli import Cli

CONTRACT = """
[contracts.acme]
client = "ACME Insurance"
within = "24h"
clause = "Data processing agreement, section 7"
"""


def test_a_contract_that_was_forgotten_reaches_an_open_run(centre: Cli) -> None:
    centre("start", "data-breach", "--fact", "awareness=08:30")
    assert "have changed" not in centre("clocks").out
    add_contract(centre)
    assert "ccir clocks renew" in centre("clocks").out
    assert "CONTRACT-ACME" not in rules(centre)
    renewed = centre.json("clocks", "renew", "--reason", "the contract was forgotten")
    assert renewed["rules"]["id"] == "rules"
    assert "CONTRACT-ACME" in rules(centre)
    log = centre("log").out
    assert "clocks are held to rules" in log
    assert "the contract was forgotten" in log
    assert "have changed" not in centre("clocks").out


def test_renewing_what_has_not_changed_is_refused(centre: Cli) -> None:
    centre("start", "data-breach")
    answer = centre("clocks", "renew", "--reason", "just so", status=5)
    assert "held to these rules already" in answer.err


def test_broken_rules_renew_nothing(centre: Cli) -> None:
    centre("start", "data-breach")
    before = rules(centre)
    folder = centre.folder / "playbooks" / "obligations"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ours.yaml").write_text("id: ours\n")
    assert "have changed" in centre("clocks").out
    centre("clocks", "renew", "--reason", "ours", status=2)
    assert rules(centre) == before


def test_a_playbooks_sectors_hold_after_a_renewal_too(centre: Cli) -> None:
    centre("start", "payment-card-exposure", "--fact", "awareness=08:30")
    add_contract(centre)
    centre("clocks", "renew", "--reason", "the contract was forgotten")
    states = {clock["rule"]: clock["state"] for clock in centre.json("clocks")["clocks"]}
    assert states["INTL-MC-ADC"] == "open"


def add_contract(centre: Cli) -> None:
    file = centre.folder / "ccir.toml"
    file.write_text(file.read_text("utf-8") + CONTRACT, "utf-8")


def rules(centre: Cli) -> list[str]:
    return [clock["rule"] for clock in centre.json("clocks")["clocks"]]
