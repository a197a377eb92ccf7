from __future__ import annotations

import json
import re
from collections.abc import Mapping

import msgspec
import pytest

from ccir.catalog.documents import Runbook
from ccir.catalog.notice_text import TemplateText
from ccir.catalog.schema import (
    Schema,
    computation_schema,
    content_schema,
    drill_schema,
    front_matter_schema,
    playbook_schema,
)
from support.documents import CHECK_KINDS, STEP_KINDS, notice, playbook, step
from support.json_schemas import Checker, plain

SCHEMAS: Mapping[str, Schema] = {
    "playbook": playbook_schema(STEP_KINDS),
    "drill": drill_schema(CHECK_KINDS),
    "runbook": front_matter_schema(Runbook),
    "template": front_matter_schema(TemplateText),
    "content": content_schema(),
    "computation": computation_schema(),
}
SOUND = playbook(
    step("a", due="{within: 1h}"),
    step("b", "decision", on="'records > 1'", arguments="{question: Q, options: {x: X}}"),
    step("c", "command", arguments="{argv: [nft, {fact: affected_host, as: host}]}"),
    step("d", "wait"),
    step("e", "notify", arguments="{notice: breach}"),
    notices=[notice("breach")],
)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_is_whole_and_holds_nothing_unused(kind: str) -> None:
    text = json.dumps(SCHEMAS[kind])
    definitions = msgspec.convert(SCHEMAS[kind]["$defs"], dict[str, Schema])
    assert {*re.findall(r'"#/\$defs/(\w+)"', text)} == definitions.keys()
    assert SCHEMAS[kind]["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_refuses_unknown_keys_as_ccir_does(kind: str) -> None:
    definitions = msgspec.convert(SCHEMAS[kind]["$defs"], dict[str, Schema])
    objects = [each for each in definitions.values() if "properties" in each]
    assert objects
    assert all(each["additionalProperties"] is False for each in objects)


def test_a_description_is_not_indented() -> None:
    assert (
        "\n    " not in json.loads(json.dumps(SCHEMAS["playbook"]))["$defs"]["Step"]["description"]
    )


def test_a_sound_playbook_fits() -> None:
    assert Checker(SCHEMAS["playbook"]).misfits(plain(SOUND)) == []


SPOILT = {
    "kind: command": ("kind: comand", "'comand' is not one of"),
    "argv:": ("args:", "argv is missing"),
    "question: Q, ": ("", "question is missing"),
    "within: 1h": ("within: soon", "fits none of the choices"),
    "phases:": ("faces:", "phases is missing"),
    "with: {notice: breach}": ("mandatory: true", "with is missing"),
    "when: 'records > 1'": ("when: [x]", "fits none of the choices"),
    "id: a,": ("id: A,", "'A' does not match"),
}


@pytest.mark.parametrize("written", SPOILT)
def test_a_spoilt_playbook_does_not_fit(written: str) -> None:
    instead, message = SPOILT[written]
    misfits = Checker(SCHEMAS["playbook"]).misfits(plain(SOUND.replace(written, instead, 1)))
    assert any(message in misfit for misfit in misfits), misfits


def test_a_check_is_asked_for_the_arguments_of_its_kind() -> None:
    drill = {"id": "crm", "version": "1.0.0", "title": "T", "summary": "S", "target": "crm"}
    checks = [{"kind": "file-count", "with": {"minimum_files": 1}}, {"kind": "sqlite"}]
    checker = Checker(SCHEMAS["drill"])
    assert checker.misfits(drill | {"checks": checks[:1]}) == []
    assert checker.misfits(drill | {"checks": checks}) == ["document.checks[1]: with is missing"]


@pytest.mark.parametrize("kind", ["runbook", "template"])
def test_the_body_is_no_part_of_the_front_matter(kind: str) -> None:
    assert '"body"' not in json.dumps(SCHEMAS[kind])


def test_a_shape_that_no_schema_can_describe_is_named() -> None:
    class Odd(msgspec.Struct):
        odd: complex

    with pytest.raises(TypeError, match="complex"):
        playbook_schema({"odd": Odd})
