from __future__ import annotations

from support.cli import Cli


def test_a_handover_moves_the_role_and_prints_one_page(begun: Cli) -> None:
    begun("step", "done", "declare")
    page = begun("handover", "kim").out
    assert "commander is kim now" in page
    assert "open decision choose" in page
    assert "awareness = " in page
    given = begun.json("handover", "alex", "--as", "kim")
    assert (given["person"], given["decisions"]) == ("alex", ["choose"])
    refused = begun("handover", "kim", "--role", "technical-lead", "--as", "kim", status=5)
    assert "does not hold" in refused.err
