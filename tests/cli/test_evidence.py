from __future__ import annotations

from support.cli import Cli


def test_evidence_is_kept_listed_and_verified(begun: Cli) -> None:
    (begun.folder / "sign-in.log").write_text("seen\n", encoding="utf-8")
    answer = begun("evidence", "add", "sign-in.log", "--step", "preserve")
    assert "SHA-256" in answer.out
    assert "sign-in.log" in begun("evidence", "list").out
    assert "1 of 1 files are as taken" in begun("evidence", "verify").out
    digest = begun.json("evidence", "list")["evidence"][0]["sha256"]
    kept = begun.folder / ".ccir" / "evidence" / digest
    kept.chmod(0o600)
    kept.write_text("changed", encoding="utf-8")
    assert "changed" in begun("evidence", "verify", status=1).out
    assert begun.json("evidence", "verify", status=1)["evidence"][0]["difference"]


def test_evidence_has_to_be_there(begun: Cli) -> None:
    begun("evidence", "add", "gone.txt", status=6)
    begun("evidence", "add", ".", status=2)
