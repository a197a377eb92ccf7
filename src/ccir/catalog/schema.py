"""JSON Schemas of the documents people write, for their editors, from the same types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc
from typing import Final

import msgspec

from ccir.catalog.documents import Kinds, Runbook
from ccir.catalog.notice_text import TemplateText
from ccir.domain.contents import ComputationBasis, Content
from ccir.domain.drills import CheckPlan, Drill
from ccir.domain.obligations import Obligations
from ccir.domain.playbook import Playbook, Step, When

Schema = dict[str, object]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_PLACE: Final = "#/$defs/"


def playbook_schema(steps: Kinds) -> Schema:
    """Return the schema of a playbook; `steps` holds the shape of `with` for each kind."""
    condition: Schema = {
        "type": "string",
        "description": "A condition in Jinja2's expression syntax.",
    }
    return _schema(Playbook, open_at=Step, kinds=steps, written={When: condition})


def drill_schema(checks: Kinds) -> Schema:
    """Return the schema of a drill; `checks` holds the shape of `with` for each kind."""
    return _schema(Drill, open_at=CheckPlan, kinds=checks)


def obligations_schema() -> Schema:
    """Return the schema of a file of rules: who must be told by when."""
    return _schema(Obligations)


def content_schema() -> Schema:
    """Return the schema of a content: what one type of notice must say."""
    return _schema(Content)


def computation_schema() -> Schema:
    """Return the schema of a computation: how a law counts."""
    return _schema(ComputationBasis)


def front_matter_schema(of: type[Runbook | TemplateText]) -> Schema:
    """Return the schema of a runbook's or template's front matter; the body is no part of it."""
    schema = _schema(of)
    definitions = _mapping(schema["$defs"])
    front = _mapping(definitions[of.__name__])
    properties = _mapping(front["properties"])
    del properties["body"]
    required = [name for name in msgspec.convert(front["required"], list[str]) if name != "body"]
    front |= {"properties": properties, "required": required}
    return schema | {"$defs": definitions | {of.__name__: front}}


def _schema(
    of: type[msgspec.Struct],
    *,
    open_at: type[msgspec.Struct] | None = None,
    kinds: Kinds | None = None,
    written: Mapping[type, Schema] | None = None,
) -> Schema:
    """Return the type's schema, in which `kind` decides what `with` may hold in `open_at`.

    `written` says how structs are written that stand in a document as one text.
    """
    shapes = kinds or {}
    [root, *arguments], definitions = msgspec.json.schema_components(
        [of, *shapes.values()], schema_hook=_anything, ref_template=_PLACE + "{name}"
    )
    definitions |= {kind.__name__: schema for kind, schema in (written or {}).items()}
    if open_at is not None:
        definition = _mapping(definitions[open_at.__name__])
        definitions[open_at.__name__] = definition | _choice(definition, shapes, arguments)
    used = _used(root, definitions)
    return {"$schema": _DIALECT, **root, "$defs": {name: _tidied(used[name]) for name in used}}


def _anything(kind: type) -> Schema:
    if kind is not object:
        raise NotImplementedError  # as msgspec asks: it then names the type
    return {"description": "What the kind asks for."}


def _choice(definition: Schema, kinds: Kinds, shapes: Sequence[Schema]) -> Schema:
    kind: Schema = {"kind": {"enum": sorted(kinds)}}
    return {
        "properties": _mapping(definition["properties"]) | kind,
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": name}}},
                "then": {"properties": {"with": shape}, "required": _needed(kinds[name])},
            }
            for name, shape in zip(kinds, shapes, strict=True)
        ],
    }


def _needed(arguments: type[msgspec.Struct]) -> list[str]:
    is_needed = any(field.required for field in msgspec.structs.fields(arguments))
    return ["with"] if is_needed else []


def _used(root: object, definitions: Mapping[str, object]) -> dict[str, Schema]:
    used: dict[str, Schema] = {}
    waiting = [*_references(root)]
    while waiting:
        name = waiting.pop()
        if name not in used:
            used[name] = _mapping(definitions[name])
            waiting += _references(used[name])
    return dict(sorted(used.items()))


def _references(schema: object) -> Iterator[str]:
    match schema:
        case {"$ref": str(place)}:
            yield place.removeprefix(_PLACE)
        case dict():
            for part in schema.values():
                yield from _references(part)
        case list():
            for part in schema:
                yield from _references(part)
        case _:
            return


def _tidied(schema: Schema) -> Schema:
    description = {"description": cleandoc(str(schema["description"]))}
    # ccir refuses an unknown key everywhere, whatever msgspec itself would let through.
    closed = {"additionalProperties": False} if "properties" in schema else {}
    return schema | description | closed


def _mapping(value: object) -> Schema:
    return msgspec.convert(value, Schema)
