from __future__ import annotations

import json

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
