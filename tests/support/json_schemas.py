"""A small checker of JSON Schemas: the keywords that ours use, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import yaml

_KEYWORDS = frozenset(
    [
        "$defs",
        "$ref",
        "$schema",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "default",
        "description",
        "enum",
        "exclusiveMinimum",
        "format",
        "if",
        "items",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "pattern",
        "properties",
        "propertyNames",
        "required",
        "then",
        "title",
        "type",
    ]
)
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}


class Checker:
    """Says what in a value does not fit a schema."""

    def __init__(self, schema: Mapping[str, object]) -> None:
        self._schema = schema
        definitions = schema["$defs"]
        assert isinstance(definitions, dict)
        self._definitions = definitions

    def misfits(self, value: object) -> list[str]:
        return list(self._check(value, self._schema, "document"))

    def _check(self, value: object, schema: object, path: str) -> Iterator[str]:
        assert isinstance(schema, dict)
        assert schema.keys() <= _KEYWORDS, "a keyword that this checker does not know"
        yield from _of_itself(value, schema, path)
        for each in self._also(value, schema):
            yield from self._check(value, each, path)
        choices = schema.get("anyOf")
        if choices and all([*self._check(value, each, path)] for each in choices):
            yield f"{path}: {value!r} fits none of the choices"
        if isinstance(value, list):
            for place, item in enumerate(value):
                yield from self._check(item, schema.get("items", {}), f"{path}[{place}]")
        if isinstance(value, dict):
            yield from self._keys(value, schema, path)

    def _also(self, value: object, schema: Mapping[str, object]) -> Iterator[object]:
        place, conditions = schema.get("$ref"), schema.get("allOf", [])
        assert isinstance(conditions, list)
        if isinstance(place, str):
            yield self._definitions[place.removeprefix("#/$defs/")]
        for each in conditions:
            if not [*self._check(value, each["if"], "")]:
                yield each["then"]

    def _keys(
        self, value: Mapping[str, object], schema: Mapping[str, object], path: str
    ) -> Iterator[str]:
        known, required = schema.get("properties", {}), schema.get("required", [])
        assert isinstance(known, dict)
        assert isinstance(required, list)
        yield from (f"{path}: {key} is missing" for key in required if key not in value)
        for key, item in value.items():
            kind = known.get(key, schema.get("additionalProperties", {}))
            if kind is False:
                yield f"{path}: {key} is unknown"
            else:
                yield from self._check(item, kind, f"{path}.{key}")


def _of_itself(value: object, schema: Mapping[str, object], path: str) -> Iterator[str]:
    kind, pattern, allowed = schema.get("type"), schema.get("pattern"), schema.get("enum")
    if isinstance(kind, str) and not isinstance(value, _TYPES[kind]):
        yield f"{path}: {value!r} is no {kind}"
    if "const" in schema and value != schema["const"]:
        yield f"{path}: {value!r} is not {schema['const']!r}"
    if isinstance(allowed, list) and value not in allowed:
        yield f"{path}: {value!r} is not one of {allowed}"
    if isinstance(pattern, str) and not re.search(pattern, str(value)):
        yield f"{path}: {value!r} does not match {pattern}"


class _Plain(yaml.SafeLoader):
    """Reads days as texts, as editors hand them to a schema."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if not tag.endswith("timestamp")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def plain(text: str) -> object:
    """Return a YAML document, or the front matter of a Markdown one, as plain data."""
    front = text.split("---\n")[1] if text.startswith("---\n") else text
    return yaml.load(front, _Plain)  # noqa: S506 - it is a safe loader
