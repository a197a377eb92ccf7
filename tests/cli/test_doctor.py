from __future__ import annotations

from typing import Any

from support.cli import Cli


def _checks(cli: Cli, status: int | None = None) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in cli.json("doctor", status=status)["checks"]}


def test_a_sound_workspace_passes(protected: Cli) -> None:
    checks = _checks(protected, 0)
    assert {checks[name]["verdict"] for name in ("log", "sealed texts", "file modes")} == {"pass"}
    assert checks["target crm"]["verdict"] == "pass"
    assert checks["channel files"]["verdict"] == "pass"
    assert checks["restic"]["detail"].startswith("version ")
    assert "no out-of-band contact for kim" in checks["people"]["detail"]
    assert "the chain is whole" in protected("doctor").out


def test_open_modes_are_found(begun: Cli) -> None:
    (begun.folder / ".ccir" / "ccir.db").chmod(0o644)
    found = _checks(begun, 1)["file modes"]
    assert found["verdict"] == "fail"
    assert "ccir.db" in found["detail"]


def test_lost_texts_are_found(begun: Cli) -> None:
    import sqlite3
    from contextlib import closing

    begun("note", "soon lost")
    with closing(sqlite3.connect(begun.folder / ".ccir" / "people.db")) as database:
        database.execute("DELETE FROM texts")
        database.commit()
    assert _checks(begun, 1)["sealed texts"]["verdict"] == "fail"
    assert "(erased)" in begun("log").out


def test_a_broken_chain_is_found(begun: Cli) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(begun.folder / ".ccir" / "ccir.db")) as database:
        database.execute(
            "UPDATE events SET line = CAST(replace(CAST(line AS TEXT), 'sev1', 'sev2') AS BLOB)"
        )
        database.commit()
    assert _checks(begun, 1)["log"]["verdict"] == "fail"


def test_a_foreign_store_is_told_and_left_alone(begun: Cli) -> None:
    path = begun.folder / ".ccir" / "ccir.db"
    path.write_text("my own notes, no database\n", encoding="utf-8")
    checks = _checks(begun)
    assert checks["log"]["verdict"] in {"error", "fail"}
    assert path.read_text(encoding="utf-8") == "my own notes, no database\n"
    assert begun("status", status=3).err


def test_missing_tools_channels_and_targets_are_told(centre: Cli, tmp_path: object) -> None:
    del tmp_path
    settings = centre.folder / "ccir.toml"
    settings.write_text(settings.read_text("utf-8").partition("[channels")[0], "utf-8")
    centre.variables["PATH"] = "/nowhere"
    checks = _checks(centre, 0)
    assert checks["restic"]["verdict"] == "note"
    assert checks["targets"]["verdict"] == "note"
    assert checks["channels"]["verdict"] == "note"


def test_restic_is_missed_where_a_target_needs_it(protected: Cli) -> None:
    protected.variables["PATH"] = "/nowhere"
    checks = _checks(protected, 3)
    assert checks["restic"]["verdict"] == "error"
    assert checks["target crm"]["verdict"] == "error"


def test_settings_that_fit_no_channel_are_told(begun: Cli) -> None:
    settings = begun.folder / "ccir.toml"
    text = settings.read_text("utf-8") + '\n[channels.post]\nkind = "pigeon"\n'
    settings.write_text(text, encoding="utf-8")
    assert _checks(begun, 3)["channel post"]["verdict"] == "error"


def test_documents_drift_and_shadows_are_told(begun: Cli) -> None:
    path = begun.folder / "playbooks" / "mini.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("title: Declare", "title: Shout"), encoding="utf-8")
    own = text.replace("id: mini\nversion", "id: ransomware\nversion")
    (begun.folder / "playbooks" / "ransomware.yaml").write_text(own, encoding="utf-8")
    found = begun.json("doctor")["checks"]
    assert any("has changed" in each["detail"] for each in found)
    assert any("stands in for the shipped one" in each["detail"] for each in found)
    path.write_text("id: mini\n", encoding="utf-8")
    assert any(
        each["name"] == "documents" and each["verdict"] == "fail"
        for each in begun.json("doctor", status=1)["checks"]
    )


def test_what_the_settings_say_of_duties_is_examined(begun: Cli) -> None:
    settings = begun.folder / "ccir.toml"
    text = settings.read_text("utf-8")
    contract = '[contracts.acme]\nclient = "ACME"\nwithin = "24h"\nclause = "7"\n'
    settings.write_text(f"{text}\n{contract}", encoding="utf-8")
    assert _checks(begun)["obligations"]["detail"] == "1 contracts of clients"
    wrong = '[obligations]\ncalendar = "DE-HEX"\nzones = {US-CAL = "UTC"}\n'
    settings.write_text(f"{text}\n{wrong}", encoding="utf-8")
    found = [each for each in begun.json("doctor", status=1)["checks"] if "calendar" in str(each)]
    assert "there is no calendar 'DE-HEX'" in {each["detail"] for each in found}
    assert "zones: 'US-CAL' is no rule or jurisdiction" in begun("doctor", status=1).out
    begun("clocks")
