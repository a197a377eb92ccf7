from __future__ import annotations

from support.cli import Cli
from support.restic_repository import FILES


def test_a_drill_restores_judges_and_cleans_up(protected: Cli) -> None:
    found = protected.json("drill", "run", "mini")
    assert set(found) >= {
        "drill",
        "verdict",
        "reason",
        "snapshot",
        "files",
        "bytes",
        "rpo",
        "rto",
        "checks",
        "cleanup",
    }
    assert (found["verdict"], found["files"], found["cleanup"]) == ("pass", FILES, "cleaned")
    assert found["rpo"]["met"] is True
    assert found["rto"]["met"] is True
    assert {"name", "verdict", "detail"} <= set(found["checks"][0])
    assert not list((protected.folder / ".ccir" / "scratch").glob("drill-*"))
    shown = protected("drill", "run", "mini").out
    assert "drill mini on crm: pass, snapshot " in shown
    assert ", met; RTO " in shown


def test_a_drill_may_be_a_file(protected: Cli) -> None:
    (protected.folder / "drills" / "mini.yaml").rename(protected.folder / "mini.yaml")
    assert protected.json("drill", "run", "mini.yaml")["verdict"] == "pass"
    assert "there is no file" in protected("drill", "run", "gone.yaml", status=6).err


def test_a_drill_that_misses_its_floor_fails(protected: Cli) -> None:
    path = protected.folder / "drills" / "mini.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("customers: ", "customers: 9"), encoding="utf-8")
    found = protected.json("drill", "run", "mini", status=1)
    assert found["verdict"] == "fail"
    assert "scratch cleaned" in protected("drill", "run", "mini", status=1).out


def test_drills_are_listed_with_where_they_come_from(protected: Cli) -> None:
    drills = {each["id"]: each for each in protected.json("drill", "list")["drills"]}
    assert drills["mini"]["origin"] == "workspace"
    assert drills["customer-records"]["origin"] == "shipped"
    assert "mini" in protected("drill", "list").out
    assert "did you mean 'mini'?" in protected("drill", "run", "minni", status=6).err
