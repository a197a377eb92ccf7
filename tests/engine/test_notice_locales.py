from __future__ import annotations

import datetime as dt
import sys

import msgspec
import pytest

from ccir.engine.handle import load
from ccir.engine.notice_locales import local_forms
from ccir.engine.workspace import Workspace
from support.centre import write_list
from support.cli import Cli

ASKING = "{{ facts.awareness | local }}"
FORMS = {
    "de": ("2. Januar 2026, 08:30 MEZ (07:30 UTC)", "12.345"),
    "de-AT": ("2. Jänner 2026, 08:30 MEZ (07:30 UTC)", "12.345"),
    "de-XX": ("2. Januar 2026, 08:30 MEZ (07:30 UTC)", "12.345"),
    "en-GB": ("2 January 2026, 08:30 CET (07:30 UTC)", "12,345"),
    "en": ("January 2, 2026, 8:30 AM CET (07:30 UTC)", "12,345"),
    "fr": ("2 janvier 2026, 08:30 CET (07:30 UTC)", "12 345"),
}


def test_moments_and_numbers_are_written_as_the_language_does(
    begun: Cli, workspace: Workspace, run_id: str
) -> None:
    begun("fact", "set", "records=12345", "crm_down=true", "host=crm1")
    run = load(workspace, run_id).run
    for language, (awareness, records) in FORMS.items():
        found = local_forms(run, language, ASKING)
        assert found["facts"] == {"awareness": awareness, "records": records}
        assert found["run"].keys() == {"started_at"}


def test_what_no_text_asks_for_and_nobody_knows_is_left_out(
    workspace: Workspace, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = load(workspace, run_id).run
    for template in ("{{ facts.awareness }}", "a local matter", "{{ x | locale }}"):
        assert local_forms(run, "de", template) == {}
    assert local_forms(run, "xx", ASKING) == {}
    monkeypatch.setitem(sys.modules, "babel", None)
    assert local_forms(run, "de", ASKING) == {}


def test_a_moment_in_utc_is_told_once_and_another_day_in_utc_is_named(
    workspace: Workspace, run_id: str
) -> None:
    at = dt.datetime(2026, 1, 1, 23, 30, tzinfo=dt.UTC)
    run = msgspec.structs.replace(load(workspace, run_id).run, started_at=at)
    said = {
        zone: local_forms(msgspec.structs.replace(run, zone=zone), "en-GB", ASKING)["run"]
        for zone in ("Europe/Berlin", "Etc/UTC")
    }
    assert said == {
        "Europe/Berlin": {"started_at": "2 January 2026, 00:30 CET (01-01 23:30 UTC)"},
        "Etc/UTC": {"started_at": "1 January 2026, 23:30 UTC"},
    }


def test_what_was_previewed_is_shown_the_same_where_babel_is_missing(
    begun: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask(begun)
    begun("fact", "set", "records=12345")
    words = ("--recipients", write_list(begun.folder, name="affected"), "--channel", "files")
    previewed = begun("notice", "preview", "customers", *words).out
    monkeypatch.setitem(sys.modules, "babel", None)
    for text in (previewed, begun("notice", "show", "customers").out):
        assert "of 12,345 records since January 2, 2026, 8:30 AM CET (07:30 UTC), many" in text
    again = begun("notice", "preview", "customers", *words).out
    assert "of 12345 records since 2026-01-02 08:30 CET" in again


def _ask(cli: Cli) -> None:
    path = cli.folder / "notify_templates" / "customers" / "mini.en.md.j2"
    head, _, _ = path.read_text(encoding="utf-8").partition("requires:")
    path.write_text(
        f"{head}requires: [facts.records, facts.awareness, recipient.name]\n---\n"
        "{{ recipient.name }}: of {{ facts.records | local }} records since "
        "{{ facts.awareness | local }}{% if facts.records > 5 %}, many{% endif %}\n",
        encoding="utf-8",
    )
