from __future__ import annotations

from pathlib import Path

import pytest

from ccir.catalog.contents import check_carries, lint_contents, load_computations, load_contents
from ccir.catalog.findings import DocumentError
from ccir.catalog.frontmatter import parse_markdown
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.reading import Reading
from ccir.catalog.sources import Sources
from support.documents import said, write

CONTENT = """\
id: xx_law
version: 1.0.0
title: A notice
citation: "Art. 1"
recipient: regulator
applies_to: [XX-ONE]
format: ["plain language"]
subject: Notice
headings: ["What Happened"]
elements:
  - {key: nature, required: always, text: what it was}
  - {key: count, required: if_known, text: how many}
prohibited:
  - {text: how many, elements: [count], fact: residents, jurisdiction: XX}
verified: not_statutory
"""
COMPUTATION = """\
id: jp_days
version: 1.0.0
unit: calendar_days
method: count
min_working_days: 2
confidence: verified
"""
TEMPLATE = """\
---
id: breach
version: 1.0.0
audience: customers
language: en
languages: [en]
subject: News
requires: [facts.what_happened]
carries:
  xx_law: {nature: [facts.what_happened], count: []}
---
{{ facts.what_happened }}
"""


def sources(folder: Path, content: str = CONTENT, computation: str = COMPUTATION) -> Sources:
    write(folder, "playbooks/contents/xx_law.yaml", content)
    write(folder, "playbooks/computations/jp_days.yaml", computation)
    return Sources(None, shipped=folder)


def found(folder: Path, before: str, after: str) -> list[str]:
    return said(lint_contents(sources(folder, CONTENT.replace(before, after))))


def carried(folder: Path, template: str) -> list[str]:
    reading: Reading[TemplateText] = Reading("breach")
    reading.take(template.encode(), TemplateText, parse_markdown)
    check_carries(reading, load_contents(sources(folder)))
    return said(reading.findings)


def test_a_content_is_read_into_its_types(tmp_path: Path) -> None:
    content = load_contents(sources(tmp_path))["xx_law"]
    assert [element.required for element in content.elements] == ["always", "if_known"]
    assert content.prohibited[0].fact == "residents"
    assert content.headings == ("What Happened",)


@pytest.mark.parametrize(
    ("written", "value"),
    [("2", 2), ("contested by some", "contested by some"), ("null", None)],
)
def test_a_computation_says_what_is_known_of_working_days(
    tmp_path: Path, written: str, value: object
) -> None:
    text = COMPUTATION.replace("min_working_days: 2", f"min_working_days: {written}")
    assert load_computations(sources(tmp_path, computation=text))["jp_days"].min_working_days == (
        value
    )


def test_sound_documents_have_no_findings(tmp_path: Path) -> None:
    assert lint_contents(sources(tmp_path)) == []


def test_a_value_that_does_not_fit_is_told_where_it_stands(tmp_path: Path) -> None:
    [finding] = found(tmp_path, "required: always", "required: allways")
    assert finding.startswith("11:29: error: elements[0].required: expected one of always")
    with pytest.raises(DocumentError, match="allways"):
        load_contents(Sources(None, shipped=tmp_path))


def test_a_computation_that_does_not_fit_is_told_too(tmp_path: Path) -> None:
    wrong = sources(tmp_path, computation=COMPUTATION.replace("jp_days", "jp_weeks"))
    [finding] = said(lint_contents(wrong))
    assert finding.startswith("1:5: error: id: expected one of ")
    with pytest.raises(DocumentError, match="jp_weeks"):
        load_computations(wrong)


def test_a_file_is_called_as_its_id(tmp_path: Path) -> None:
    assert found(tmp_path, "id: xx_law", "id: yy_law") == [
        "1:5: error: id: the id is 'yy_law', the file is called 'xx_law' (rename one of them)"
    ]


def test_an_element_stands_once(tmp_path: Path) -> None:
    assert found(tmp_path, "key: count", "key: nature")[:2] == [
        "11:11: error: elements[0].key: 'nature' stands twice",
        "12:11: error: elements[1].key: 'nature' stands twice",
    ]


def test_a_prohibition_names_elements_of_some_content(tmp_path: Path) -> None:
    assert found(tmp_path, "elements: [count]", "elements: [cuont]") == [
        (
            "14:33: error: prohibited[0].elements[0]: no content has the element 'cuont' "
            "(did you mean 'count'?)"
        )
    ]
    other = CONTENT.replace("xx_law", "yy_law").replace("key: count", "key: cuont")
    write(tmp_path, "playbooks/contents/yy_law.yaml", other.replace("[count]", "[nature]"))
    assert lint_contents(Sources(None, shipped=tmp_path)) == []


def test_a_prohibition_can_be_found_in_a_text(tmp_path: Path) -> None:
    assert found(tmp_path, "elements: [count], fact: residents, ", "") == [
        (
            "14:5: error: prohibited[0]: nothing says how to find it in a text "
            "(add 'elements' or 'fact', or move it to 'notes')"
        )
    ]


def test_a_file_that_cannot_be_read_spoils_no_other(tmp_path: Path) -> None:
    write(tmp_path, "playbooks/contents/aa.yaml", "- a list\n")
    write(tmp_path, "playbooks/contents/bb.yaml", "")
    assert len({finding.file for finding in lint_contents(sources(tmp_path))}) == 2


def test_a_template_carries_what_is_there(tmp_path: Path) -> None:
    assert carried(tmp_path, TEMPLATE) == []


def test_a_template_carries_no_content_by_name_only(tmp_path: Path) -> None:
    assert carried(tmp_path, TEMPLATE.replace("xx_law:", "xx_lore:")) == [
        "10:12: error: carries.xx_lore: there is no content 'xx_lore' (did you mean 'xx_law'?)"
    ]


def test_a_template_carries_no_element_by_name_only(tmp_path: Path) -> None:
    [finding] = carried(tmp_path, TEMPLATE.replace("count:", "cuont:"))
    assert finding == (
        "10:50: error: carries.xx_law.cuont: 'xx_law' has no element 'cuont' "
        "(did you mean 'count'?)"
    )


def test_a_template_uses_the_variables_that_carry_an_element(tmp_path: Path) -> None:
    [finding] = carried(tmp_path, TEMPLATE.replace("[facts.what_happened],", "[facts.cause],"))
    assert finding == (
        "10:21: error: carries.xx_law.nature[0]: the template does not use 'facts.cause' "
        "(known: facts.what_happened)"
    )


def test_a_file_that_is_no_template_carries_nothing(tmp_path: Path) -> None:
    reading: Reading[TemplateText] = Reading("breach")
    check_carries(reading, load_contents(sources(tmp_path)))
    assert reading.findings == []
