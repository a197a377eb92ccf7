from __future__ import annotations

import hashlib
import json
from pathlib import Path

from ccir.reports.duties import NO_REASON
from support.centre import make_centre
from support.cli import Cli


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
