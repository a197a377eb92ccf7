"""JSON Schemas of the documents people write, for their editors, from the same types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from ccir.catalog.documents import Runbook
from ccir.catalog.notice_text import TemplateText
from ccir.domain.drills import CheckPlan, Drill
from ccir.domain.playbook import Playbook, Step, When

Schema = dict[str, object]
Kinds = Mapping[str, type[msgspec.Struct]]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def playbook_schema(steps: Kinds) -> Schema:
    """Return the schema of a playbook; `steps` holds the shape of `with` for each kind."""
    schema = _schema(Playbook)
    _defs(schema)[When.__name__] = {"type": "string", "description": "a Jinja2 expression"}
    _with_arguments(schema, Step, steps)
    return schema


def drill_schema(checks: Kinds) -> Schema:
    """Return the schema of a drill; `checks` holds the shape of `with` for each kind."""
    schema = _schema(Drill)
    _with_arguments(schema, CheckPlan, checks)
    return schema


def front_matter_schema(of: type[Runbook | TemplateText]) -> Schema:
    """Return the schema of a runbook's or template's front matter."""
    schema = _schema(of)
    own = msgspec.convert(_defs(schema)[of.__name__], dict[str, object])
    properties = msgspec.convert(own["properties"], dict[str, object])
    properties.pop("body", None)
    required = [name for name in msgspec.convert(own["required"], list[str]) if name != "body"]
    _defs(schema)[of.__name__] = own | {"properties": properties, "required": required}
    return schema


def _schema(of: type[msgspec.Struct]) -> Schema:
    schema: Schema = {"$schema": _DIALECT}
    schema |= msgspec.json.schema(of)
    return schema


def _defs(schema: Schema) -> dict[str, object]:
    found = schema["$defs"]
    if not isinstance(found, dict):
        raise TypeError(found)
    return found


def _with_arguments(schema: Schema, of: type[msgspec.Struct], kinds: Kinds) -> None:
    """Let `kind` choose what `with` may hold."""
    shapes, components = msgspec.json.schema_components(
        kinds.values(), ref_template="#/$defs/{name}"
    )
    _defs(schema).update(components)
    own = msgspec.convert(_defs(schema)[of.__name__], dict[str, object])
    own["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": kind}}},
            "then": {"properties": {"with": shape}},
        }
        for kind, shape in zip(kinds, shapes, strict=True)
    ]
    properties = msgspec.convert(own["properties"], dict[str, object])
    own["properties"] = properties | {"kind": {"enum": sorted(kinds)}}
    _defs(schema)[of.__name__] = own
