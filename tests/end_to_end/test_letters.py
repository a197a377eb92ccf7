"""A notice on paper, from the list to the PDF, and again after a crash."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.bound_notice import bound, sent, write_rows
from support.cli import Cli

TABLES = """
[channels.post]
kind = "outbox"
folder = "post"
form = "letters"
timezone = "Europe/Berlin"

[channels.house]
kind = "outbox"
folder = "house"
form = "print"
"""


@pytest.fixture
def centre(tmp_path: Path) -> Cli:
    cli = bound(tmp_path, (), more=TABLES)
    cli("start", "mini", "--fact", "awareness=08:30")
    return cli


def test_letters_reach_the_outbox_once_and_those_without_an_address_are_told(centre: Cli) -> None:
    header = "language,street,postal_code,city"
    write_rows(centre, header, "en,Weg 1,10115,Berlin", "de,Weg 2,10115,Berlin", "en,,,")
    sent(centre, channel="post", status=1)
    assert "no postal address" in centre("notice", "status", "customers").out
    post = centre.folder / "post"
    made = {path.name: path.read_bytes() for path in post.glob("letters-*")}
    assert len([name for name in made if name.endswith(".pdf")]) == 2
    for path in post.glob("*.pdf"):  # as if the crash had come before the batches were made
        path.with_suffix(".sha256").unlink()
        path.unlink()
    centre("notice", "send", "customers", "--yes", status=1)
    assert {path.name: path.read_bytes() for path in post.glob("letters-*")} == made


def test_a_print_house_gets_a_table(centre: Cli) -> None:
    write_rows(centre, "language,street,postal_code,city", "en,Weg 1,10115,Berlin")
    sent(centre, channel="house")
    [table] = (centre.folder / "house").glob("print-*.csv")
    assert '"P0","Weg 1","10115 Berlin"' in table.read_text(encoding="utf-8")


def test_a_notice_that_is_no_letter_is_refused_when_it_is_previewed(centre: Cli) -> None:
    for path in (centre.folder / "notify_templates" / "customers").glob("mini.*"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("requires:", "letter: false\nrequires:"), encoding="utf-8")
    path = write_rows(centre, "language", "en")
    words = ("--recipients", path, "--channel", "post")
    answer = centre("notice", "preview", "customers", *words, status=2)
    assert "the channel 'post' sends letters, and the notice is none in: " in answer.err
