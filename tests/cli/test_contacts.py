from __future__ import annotations

from support.cli import Cli


def test_the_card_needs_no_database(begun: Cli) -> None:
    (begun.folder / ".ccir" / "ccir.db").unlink()
    card = begun("contacts").out
    assert "Signal: alex.07" in card
    assert "none in ccir.toml" in card
    assert begun.json("contacts")["people"]["alex"]["out_of_band"] == "Signal: alex.07"
