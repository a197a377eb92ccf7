from __future__ import annotations

from pathlib import Path

import pytest

from support.bound_notice import bound, write_rows, write_text
from support.centre import write_list
from support.cli import Answer, Cli

HARD = (
    "Notwithstanding precautionary organisational countermeasures, unauthorised individuals "
    "presumably misappropriated administrative credentials, consequently compromising "
    "confidentiality regarding approximately everybody's identification, communication and "
    "transaction particulars, whereupon investigations commenced immediately, involving "
    "independent forensic specialists, authorities and insurers."
)


@pytest.fixture
def writing(tmp_path: Path) -> Cli:
    cli = bound(tmp_path, ())
    cli("start", "mini", "--fact", "awareness=08:30")
    return cli


def previewed(cli: Cli, text: str, *options: str) -> Answer:
    """Return what a preview of the English text says."""
    write_text(cli, text)
    path = write_list(cli.folder, name="affected")
    words = ("--recipients", path, "--channel", "files")
    return cli("notice", "preview", "customers", *words, *options)


def test_a_plain_text_is_measured_without_a_warning(writing: Cli) -> None:
    shown = previewed(writing, "We know who was there and what they took. " * 5).out
    assert "text, en: 49 words, ARI" in shown
    assert "(plain up to 10)\n" in shown
    assert "as SMS, en: 2 segments (GSM)\n" in shown
    assert "warning" not in shown


def test_a_text_that_is_hard_to_read_is_warned_of_and_stored(writing: Cli) -> None:
    shown = previewed(writing, HARD).out
    assert "  warning, en: this is hard to read; shorten its sentences and its words\n" in shown
    assert "version 1, digest " in shown
    assert "next: `ccir notice approve customers`" in shown
    writing("notice", "approve", "customers")


def test_each_language_of_the_list_has_its_line(writing: Cli) -> None:
    write_text(writing, "Wir wissen es. " * 12, language="de")
    path = write_rows(writing, "language", "en", "de")
    words = ("--recipients", path, "--channel", "files")
    shown = writing("notice", "preview", "customers", *words).out
    assert "text, en: 4 words, no readability value\n" in shown
    assert "text, de: 39 words, LIX 3.0 (plain up to 40)\n" in shown
    assert "as SMS, en: 1 segment (GSM)\n" in shown


def test_characters_that_make_an_sms_longer_are_named(writing: Cli) -> None:
    shown = previewed(writing, "We† know ‡ soon").out
    assert "as SMS, en: 1 segment (UCS-2 because of † U+2020, ‡ U+2021)\n" in shown
    shown = previewed(writing, "漢\u00a0字かなカ").out
    assert "because of 漢 U+6F22, U+00A0, 字 U+5B57, か U+304B, な U+306A, …)\n" in shown


def test_a_long_text_is_no_sms(writing: Cli) -> None:
    assert "SMS" not in previewed(writing, "We know it. " * 100).out


def test_programs_get_the_measures_by_language(writing: Cli) -> None:
    document = previewed(writing, "We† know it.", "--json").json
    assert document["readability"] == {
        "en": {
            "words": 7,
            "sentences": 1,
            "index": "ari",
            "bound": 10,
            "value": None,
            "is_plain": None,
        }
    }
    assert document["sms"] == {
        "en": {"encoding": "UCS-2", "units": 31, "segments": 1, "forced_by": ["†"]}
    }


def with_sms(cli: Cli, sms: str) -> None:
    path = cli.folder / "notify_templates" / "customers" / "mini.en.md.j2"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("requires:", f'sms: "{sms}"\nrequires:'), encoding="utf-8")


def test_the_short_form_is_shown_with_its_segments_over_the_list(writing: Cli) -> None:
    write_text(writing, "We know it.")
    with_sms(writing, "We know it ‡ call us.")
    path = write_list(writing.folder, name="affected")
    words = ("--recipients", path, "--channel", "files")
    shown = writing("notice", "preview", "customers", *words).out
    assert "── en, as SMS ──\n\nWe know it ‡ call us.\n" in shown
    assert "  SMS, en: 1 segment (UCS-2 because of ‡ U+2021)\n" in shown
    assert "SMS in all: about 3 segments, estimated from one message in each language" in shown


def test_the_stored_text_is_shown_with_its_measures(writing: Cli) -> None:
    previewed(writing, "We know it. " * 12)
    shown = writing("notice", "show", "customers").out
    assert "text, en: 40 words, ARI" in shown
    assert "as SMS, en: 2 segments (GSM)\n" in shown
    document = writing("notice", "show", "customers", "--json").json
    assert document["readability"]["en"]["words"] == 40
    assert (document["sms"]["en"]["segments"], document["sms_segments"]) == (2, None)
