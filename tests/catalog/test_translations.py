from __future__ import annotations

from pathlib import Path

import pytest

from ccir.catalog.translations import lint_templates
from support.documents import write

FRONT = {
    "id": "breach",
    "version": "1.0.0",
    "audience": "customers",
    "language": "en",
    "languages": "[en, de]",
    "subject": "News",
}
EN, DE = "customers/breach.en", "customers/breach.de"


def found(folder: Path, **files: dict[str, str]) -> list[str]:
    sources = [
        write(
            folder,
            f"notify_templates/customers/{name.replace('_', '.')}.md.j2",
            "\n".join(
                ["---", *(f"{key}: {value}" for key, value in (FRONT | more).items()), "---", "x"]
            ),
        )
        for name, more in files.items()
    ]
    findings = lint_templates(sources)
    return [f"{each.path}: {each.severity}: {each.message}" for each in findings]


def test_a_template_in_every_language_it_names_is_sound(tmp_path: Path) -> None:
    assert found(tmp_path, breach_en={}, breach_de={"language": "de"}) == []


def test_a_language_that_nothing_is_written_in_is_warned_of(tmp_path: Path) -> None:
    assert found(tmp_path, breach_en={}) == [
        "languages[1]: warning: there is no template 'customers/breach.de'"
    ]


def test_a_templates_own_language_belongs_to_its_languages(tmp_path: Path) -> None:
    german = {"language": "de", "languages": "[de]"}
    assert found(tmp_path, breach_en={"languages": "[de]"}, breach_de=german) == [
        "languages: error: its own language 'en' is not in the list"
    ]


@pytest.mark.parametrize("order", ["[de, en]", "[en, de, fr]", "[de]"])
def test_all_files_of_a_notice_declare_the_same_order_of_languages(
    tmp_path: Path, order: str
) -> None:
    german = {"language": "de", "languages": "[en, de]"}
    french = {"language": "fr", "languages": "[fr]"}
    complaints = found(tmp_path, breach_de=german, breach_en={"languages": order}, other_fr=french)
    assert f"languages: error: {order} differs from [en, de] in its text 'de'" in complaints
    assert not [each for each in complaints if "[fr]" in each]


def test_a_file_without_languages_does_not_disturb_the_comparison(tmp_path: Path) -> None:
    complaints = found(tmp_path, breach_de={"language": "de"}, breach_en={"languages": "[]"})
    assert not [each for each in complaints if "differs" in each]


def test_the_front_matter_says_what_the_files_name_says(tmp_path: Path) -> None:
    wrong = {"id": "breech", "audience": "employees", "language": "de", "languages": "[de]"}
    assert found(tmp_path, breach_en=wrong, breach_de={"language": "de", "languages": "[de]"}) == [
        "id: error: the id is 'breech', the file's name says 'breach'",
        "audience: error: the audience is 'employees', the file's name says 'customers'",
        "language: error: the language is 'de', the file's name says 'en'",
    ]


def test_what_is_missing_is_not_complained_about_again(tmp_path: Path) -> None:
    source = write(tmp_path, "notify_templates/customers/breach.en.md.j2", "---\nid: breach\n---\n")
    messages = [finding.message for finding in lint_templates([source])]
    assert [message.split("'")[1] for message in messages if "missing" in message] == [
        "version",
        "audience",
        "language",
        "languages",
        "subject",
    ]
    assert len([message for message in messages if "missing" not in message]) == 1


def test_a_file_that_is_no_template_has_its_findings_only(tmp_path: Path) -> None:
    source = write(tmp_path, "notify_templates/customers/breach.en.md.j2", "hello")
    [finding] = lint_templates([source])
    assert finding.message == "the front matter is missing"
