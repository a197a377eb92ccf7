from __future__ import annotations

from pathlib import Path

import pytest

from ccir.catalog.findings import DocumentError
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.templates import load_template, parse_template, read_template
from support.documents import write

TEMPLATE = """---
id: breach
version: 1.0.0
audience: customers
language: en
languages: [en, de]
subject: "News from {{ organisation.name }}"
requires: [organisation.name, recipient.name]
---
Dear {{ recipient.name }}
"""
TEXT = TemplateText(
    id="breach",
    version="1.0.0",
    audience="customers",
    language="en",
    languages=("en", "de"),
    subject="News from {{ organisation.name }}",
    requires=("organisation.name", "recipient.name"),
    body="Dear {{ recipient.name }}\n",
)


def test_a_template_is_loaded_from_its_file(tmp_path: Path) -> None:
    source = write(tmp_path, "notify_templates/customers/breach.en.md.j2", TEMPLATE)
    assert load_template(source) == TEXT


def test_a_template_is_parsed_from_its_bytes() -> None:
    assert parse_template(TEMPLATE.encode(), "en text") == TEXT


def test_findings_in_bytes_name_what_stands_for_the_file() -> None:
    spoilt = TEMPLATE.replace("Dear", "{{ secret }}")
    with pytest.raises(DocumentError, match=r"^en text:10:1: error: body: unknown variable"):
        parse_template(spoilt.encode(), "en text")


def test_form_and_wording_are_complained_about_at_once(tmp_path: Path) -> None:
    spoilt = TEMPLATE.replace("1.0.0", "1").replace("Dear", "<b>")
    source = write(tmp_path, "notify_templates/customers/breach.en.md.j2", spoilt)
    assert [finding.path for finding in read_template(source).findings] == ["version", "body"]
    with pytest.raises(DocumentError):
        load_template(source)
