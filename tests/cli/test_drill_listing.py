from __future__ import annotations

from pathlib import Path
from typing import Any

from support.cli import Cli
from support.scheduled import add_drill, scheduled_centre


def drills(cli: Cli) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in cli.json("drill", "list")["drills"]}


def test_drills_are_listed_with_where_they_come_from(tmp_path: Path) -> None:
    cli = scheduled_centre(tmp_path / "centre", None)
    found = drills(cli)
    assert found["mini"]["origin"] == "workspace"
    assert found["customer-records"]["origin"] == "shipped"
    assert "mini" in cli("drill", "list").out


def test_how_and_how_often_a_drill_is_played_is_listed(tmp_path: Path) -> None:
    cli = scheduled_centre(tmp_path / "centre", None)
    sampled = add_drill(cli.folder, "sampled", every="7d")
    sampled.write_text(sampled.read_text("utf-8") + "mode: sample\n", "utf-8")
    found = drills(cli)
    assert (found["mini"]["mode"], found["mini"]["every"]) == ("full", None)
    assert (found["sampled"]["mode"], found["sampled"]["every"]) == ("sample", "7d")
    (row,) = (line for line in cli("drill", "list").out.splitlines() if line.startswith("sampled"))
    assert row.split()[2:4] == ["sample", "7d"]


def test_the_target_that_is_bound_is_listed(tmp_path: Path) -> None:
    cli = scheduled_centre(tmp_path / "centre", None)
    assert {each["bound_to"] for each in drills(cli).values()} == {None}
    assert "(not" in cli("drill", "list").out
    settings = cli.folder / "ccir.toml"
    target = '[targets.crm]\ntool = "restic"\nrepository = "/srv/none"\npassword_file = "x"\n'
    settings.write_text(f"{settings.read_text('utf-8')}\n{target}", "utf-8")
    found = drills(cli)
    assert (found["mini"]["target"], found["mini"]["bound_to"]) == ("crm", "crm")
    assert found["customer-records"]["bound_to"] == "crm", "the only one there is"
    shown = cli("drill", "list").out
    assert "(crm)" in shown
    assert "(not" not in shown
