from __future__ import annotations

from pathlib import Path

import pytest

from ccir.catalog.findings import DocumentError
from ccir.catalog.obligations import check_together, load_obligations, read_obligations
from ccir.catalog.reading import Reading
from ccir.catalog.sources import Source
from ccir.domain.obligations import Obligations

TEXT = """\
id: xx
version: 1.0.0
jurisdiction: XX
title: A country
rules:
  - id: XX-ONE
    tier: core
    regime: a law
    citation: "Art. 1"
    sector: general
    obligated_party: everybody
    recipient: regulator
    recipient_name: the regulator
    trigger:
      event: awareness
    standard: soon
    caps:
      - {amount: 72, unit: hours, start: awareness}
    hard_limit: true
    computation: elapsed_hours
    status: in_force
    verified:
      status: verified_text
      as_of: "2026-10"
      sources: [the_law]
sources:
  the_law: the law itself
"""


def _source(folder: Path, text: str, *, name: str = "xx") -> Source:
    path = folder / "playbooks" / "obligations" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Source(kind="playbooks/obligations", id=name, path=path, root=folder, origin="workspace")


def _found(*readings: Reading[Obligations]) -> list[tuple[str, str]]:
    check_together(readings)
    return [(each.path, each.message) for reading in readings for each in reading.findings]


def test_a_file_of_rules_is_read_into_its_types(tmp_path: Path) -> None:
    book = load_obligations(_source(tmp_path, TEXT))
    assert book.rules[0].caps[0].amount == 72
    assert book.rules[0].verified.sources == ("the_law",)


@pytest.mark.parametrize(
    "change",
    [
        ("unit: hours", "unit: fortnights", "rules[0].caps[0].unit"),
        ("amount: 72", "amount: soon", "rules[0].caps[0].amount"),
        ("computation: elapsed_hours", "computation: guessing", "rules[0].computation"),
        ("event: awareness", "event: The Moment", "rules[0].trigger.event"),
        ('as_of: "2026-10"', 'as_of: "lately"', "rules[0].verified.as_of"),
        ("id: XX-ONE", "id: xx-one", "rules[0].id"),
        ("status: in_force", "status: in-force", "rules[0].status"),
    ],
)
def test_a_value_that_does_not_fit_is_told_where_it_stands(
    tmp_path: Path, change: tuple[str, str, str]
) -> None:
    before, after, path = change
    with pytest.raises(DocumentError) as refused:
        load_obligations(_source(tmp_path, TEXT.replace(before, after)))
    [finding] = refused.value.findings
    assert finding.path == path
    assert TEXT.replace(before, after).splitlines()[finding.line - 1].count(after.split(": ")[1])


def test_a_source_that_is_not_named_is_missed(tmp_path: Path) -> None:
    reading = read_obligations(_source(tmp_path, TEXT.replace("[the_law]", "[the_lore]")))
    [finding] = reading.findings
    assert finding.message == "there is no source 'the_lore'"
    assert finding.hint == "did you mean 'the_law'?"


def test_a_file_is_called_as_its_id(tmp_path: Path) -> None:
    reading = read_obligations(_source(tmp_path, TEXT, name="yy"))
    assert [finding.path for finding in reading.findings] == ["id"]


def test_a_rule_stands_in_one_place(tmp_path: Path) -> None:
    one = read_obligations(_source(tmp_path, TEXT))
    other = read_obligations(_source(tmp_path, TEXT.replace("id: xx\n", "id: yy\n"), name="yy"))
    message = "'XX-ONE' stands in two places"
    assert _found(one, other) == [("rules[0].id", message), ("rules[0].id", message)]


@pytest.mark.parametrize("place", ["event: awareness", "start: awareness"])
def test_what_follows_on_a_report_names_a_rule_that_is_there(tmp_path: Path, place: str) -> None:
    key = place.partition(":")[0]
    good = TEXT.replace(place, f"{key}: submission:XX-ONE:latest")
    assert _found(read_obligations(_source(tmp_path, good))) == []
    bad = TEXT.replace(place, f"{key}: submission:XX-TWO")
    [(_, message)] = _found(read_obligations(_source(tmp_path, bad)))
    assert message == "there is no rule 'XX-TWO'"


def test_a_file_that_cannot_be_read_spoils_no_other(tmp_path: Path) -> None:
    broken = read_obligations(_source(tmp_path, "- a list\n", name="zz"))
    good = read_obligations(_source(tmp_path, TEXT))
    assert len(_found(broken, good)) == 1
