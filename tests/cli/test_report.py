from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ccir.reports.duties import NO_REASON
from support.centre import make_centre
from support.cli import Cli
from support.page import Page
from support.restic_repository import Repository
from support.scheduled import DAY_SECONDS, scheduled_centre


def test_a_report_comes_in_every_form(begun: Cli) -> None:
    begun("step", "done", "declare", "--note", "Alex <leads> | *now*")
    assert "INC-2026-0001" in begun("report").out
    page = begun("report", "--format", "html").out
    assert page.startswith("<!DOCTYPE html>")
    assert "Alex &lt;leads&gt;" in page
    assert "<script" not in page
    document = json.loads(begun("report", "--format", "json").out)
    again = begun.json("report")
    assert document["timeline"] == again["timeline"]
    assert document["summary"]["run"] == again["summary"]["run"] == "INC-2026-0001"
    assert "one of md" in begun("report", "--format", "pdf", status=2).err


def test_a_report_file_is_private_and_whole(begun: Cli) -> None:
    begun("report", "--format", "html", "--output", "report.html")
    path = begun.folder / "report.html"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert "cannot be written" in begun("report", "--output", "gone/report.md", status=3).err


def test_the_report_holds_the_breach_register(tmp_path: Path) -> None:
    centre = make_centre(tmp_path / "centre")
    centre("start", "data-breach", "--fact", "awareness=2025-12-29T08:30")
    centre(
        "fact",
        "set",
        "jurisdictions=DE,GB,US-TX",
        "high_risk=yes",
        "determination:US-TX=2025-10-01",
    )
    centre("fact", "set", "what_happened=An account was misused.", "likely_consequences=Fraud")
    centre("fact", "set", "unlikely_risk_exempt:GB=yes", "--source", "all keys are safe")
    centre("fact", "set", "awareness=2025-12-29T07:30", "--reason", "the log shows it")
    centre("fact", "confirm", "awareness", "--as", "kim")
    (centre.folder / "receipt.pdf").write_bytes(b"receipt")
    told = ("--evidence", "receipt.pdf", "--reference", "LDA-0815", "--reason", "scope unknown")
    centre("clocks", "submit", "EU-GDPR-33-SA", *told)
    centre("clocks", "waive", "EU-GDPR-34-DS", "--reason", "encrypted", "--review-on", "2026-02-01")
    centre("clocks", "waive", "EU-GDPR-34-DS", "--as", "kim")

    report = centre.json("report")
    page = report["register"]
    assert [fact["second"] for fact in page["facts"] if fact["name"] == "awareness"] == [
        "",
        "confirmed by Kim Weber",
    ]
    duties = {duty["rule"]: duty for duty in page["duties"]}
    met = duties["EU-GDPR-33-SA"]
    assert (met["state"], met["reason"]) == ("late", "scope unknown")
    assert met["margin"] == "1 d 1 h after the latest reading"
    [submission] = met["submissions"]
    assert (submission["by"], submission["reference"]) == ("Alex Kim", "LDA-0815")
    assert submission["evidence"] == hashlib.sha256(b"receipt").hexdigest()[:12]
    waived = duties["EU-GDPR-34-DS"]
    assert (waived["state"], waived["waiver"]["confirmed_by"]) == ("waived", "Kim Weber")
    late = duties["US-TX-IND"]
    assert (late["state"], late["submissions"], late["reason"]) == ("late", [], NO_REASON)
    points = [point["id"] for point in report["open_points"] if point["kind"] == "duty"]
    assert points == ["US-TX-IND"]
    excluded = {each["rule"]: each["assessment"] for each in page["excluded"]}
    assert excluded["GB-UKGDPR-33-ICO"]["source"] == "all keys are safe"
    assert page["not_applicable"] > 100
    for form in ("md", "html"):
        assert "LDA-0815" in centre("report", "--format", form).out


def test_a_run_that_is_no_breach_has_no_duty_in_its_register(begun: Cli) -> None:
    page = begun.json("report")["register"]
    assert page["duties"] == []
    assert "No duty applies; " in begun("report").out


def test_the_report_of_a_drill_draws_its_history(tmp_path: Path, healthy: Repository) -> None:
    cli = scheduled_centre(tmp_path / "centre", healthy)
    for _ in range(2):
        cli("drill", "run", "nightly")
        cli.clock.move(DAY_SECONDS)
    cli("drill", "run", "mini", status=None)
    page = Page(cli("report", "--run", "DR-2026-0001", "--format", "html").out)
    assert page.is_balanced
    assert "Recovery time (RTO) of nightly" in page.text("span")
    [series] = cli.json("report", "--run", "DR-2026-0001")["drills"]
    assert [point["run"] for point in series["points"]] == ["DR-2026-0001", "DR-2026-0002"]
    assert series["trend"]["count"] == 2
    assert "3 full restores of different sizes" in series["estimate"]["why"]


def test_an_incident_that_cites_a_drill_draws_it_too(tmp_path: Path, healthy: Repository) -> None:
    cli = scheduled_centre(tmp_path / "centre", healthy)
    cli("drill", "run", "nightly")
    cli("start", "mini")
    assert cli.json("report")["drills"] == []
    assert "Drills over time" not in cli("report").out
    cli("drill", "cite", "DR-2026-0001")
    [cited] = [each for each in cli.json("report")["backups"] if each["kind"] == "citation"]
    assert cited["cited"]["run"] == "DR-2026-0001"
    text = cli("report").out
    assert "## Drills over time" in text
    assert "- Stands in DR-2026-0001, event " in text
