from __future__ import annotations

from support.cli import Cli


def test_a_privileged_note_stays_out_unless_asked_for(begun: Cli) -> None:
    begun("note", "--privileged", "counsel says wait")
    assert begun.json("note", "plain words")["seq"] == 4
    assert "noted as event 5" in begun("note", "more").out
    assert "counsel says wait" not in begun("log").out
    assert "counsel says wait" in begun("log", "--privileged").out
    assert "counsel says wait" not in begun("report").out
    assert "counsel says wait" in begun("report", "--privileged").out
    assert "counsel says wait" not in str(begun.json("log"))


def test_a_note_has_bounds(begun: Cli) -> None:
    assert "1 to 20000" in begun("note", "  ", status=2).err
    assert "1 to 20000" in begun("note", "x" * 20_001, status=2).err
