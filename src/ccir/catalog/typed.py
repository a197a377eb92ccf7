"""Turns a node tree into typed values in one walk that collects every complaint on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Generic, TypeVar, cast

import msgspec
import msgspec.inspect as mi

from ccir.catalog.findings import Complaints, Position, suggestion
from ccir.catalog.nodes import ListNode, MappingNode, Node, ScalarNode, described, untyped
from ccir.catalog.scalars import Misfit, blank, scalar, wanted
from ccir.catalog.unions import narrowed
from ccir.errors import InvalidDocumentError

S = TypeVar("S", bound=msgspec.Struct)
_OPEN_FIELD = "arguments"
_type_info = cache(mi.type_info)


class Openings(msgspec.Struct, frozen=True, kw_only=True):
    """What the types alone do not say.

    `arguments` holds, for a struct whose `arguments` field is open, the struct of arguments
    of each `kind`. `texts` holds, for a struct that is written as one text, what reads that
    text; it raises `InvalidDocumentError` for one it cannot read.
    """

    arguments: Mapping[type, Mapping[str, type[msgspec.Struct]]] = {}
    texts: Mapping[type, Callable[[str], object]] = {}


class Walked(msgspec.Struct, Generic[S], frozen=True, kw_only=True):
    """What a walk came to: the value, and where in the file each of its paths stands.

    The value is whole only if the walk complained about nothing; otherwise harmless values
    stand where the document's did not fit, so that later checks can still see the rest.
    """

    value: S
    positions: Mapping[str, Position]


def walk(node: Node, target: type[S], complaints: Complaints, *, openings: Openings) -> Walked[S]:
    """Return the node as the struct, complaining about whatever does not fit."""
    reader = _Walk(complaints, openings)
    value = reader.read(node, _type_info(target), "")
    return Walked(value=cast("S", value), positions=reader.positions)


class _Walk:
    def __init__(self, complaints: Complaints, openings: Openings) -> None:
        self.positions: dict[str, Position] = {}
        self._complaints = complaints
        self._openings = openings

    def read(self, node: Node, kind: mi.Type, path: str) -> object:
        """Return the node's value as the type asks, or a harmless one after a complaint."""
        self.positions[path] = node.at
        match kind:
            case mi.UnionType():
                return self.read(node, narrowed(node, kind), path)
            case mi.StructType():
                return self._struct(node, kind, path)
            case mi.VarTupleType() | mi.ListType():
                return self._items(node, kind, path)
            case _:
                return self._leaf(node, kind, path)

    def _leaf(self, node: Node, kind: mi.Type, path: str) -> object:
        match kind:
            case mi.DictType():
                return self._dictionary(node, kind, path)
            case mi.CustomType() | mi.AnyType():
                return untyped(node)
            case _:
                return self._scalar(node, kind, path)

    def _scalar(self, node: Node, kind: mi.Type, path: str) -> object:
        value = scalar(node, kind)
        if not isinstance(value, Misfit):
            return value
        self._complaints.add(value.message, at=node.at, path=path, hint=value.hint)
        # A text that breaks its pattern is kept: it is what other complaints will name.
        is_text = isinstance(kind, mi.StrType) and isinstance(node, ScalarNode)
        return untyped(node) if is_text else blank(kind)

    def _items(self, node: Node, kind: mi.VarTupleType | mi.ListType, path: str) -> object:
        make = tuple if isinstance(kind, mi.VarTupleType) else list
        if not isinstance(node, ListNode):
            self._misplaced(node, kind, path)
            return make()
        if len(node.items) < (kind.min_length or 0):
            self._complaints.add(f"at least {kind.min_length} wanted", at=node.at, path=path)
        return make(
            self.read(item, kind.item_type, f"{path}[{index}]")
            for index, item in enumerate(node.items)
        )

    def _dictionary(self, node: Node, kind: mi.DictType, path: str) -> object:
        if not isinstance(node, MappingNode):
            self._misplaced(node, kind, path)
            return {}
        return {
            self._scalar(key, kind.key_type, _joined(path, key.text)): self.read(
                value, kind.value_type, _joined(path, key.text)
            )
            for key, value in node.entries
        }

    def _struct(self, node: Node, kind: mi.StructType, path: str) -> object:
        if kind.cls in self._openings.texts:
            return self._from_text(node, kind, path)
        if not isinstance(node, MappingNode):
            self._misplaced(node, kind, path)
            return self._built(kind, {}, node.at, path=path, is_whole=False)
        before = self._complaints.total
        self._refuse_unknown(node, kind, path)
        values = dict(self._fields(node, kind, path))
        is_whole = self._complaints.total == before
        return self._built(kind, values, node.at, path=path, is_whole=is_whole)

    def _fields(
        self, node: MappingNode, kind: mi.StructType, path: str
    ) -> Iterator[tuple[str, object]]:
        kinds = self._openings.arguments.get(kind.cls)
        for field in kind.fields:
            given, where = node.get(field.encode_name), _joined(path, field.encode_name)
            if field.name == _OPEN_FIELD and kinds is not None:
                empty = MappingNode(entries=(), at=node.at)
                yield field.name, self._arguments(node, given or empty, where, kinds=kinds)
            elif given is not None:
                yield field.name, self.read(given, field.type, where)
            elif field.required:
                self._complaints.add(f"'{field.encode_name}' is missing", at=node.at, path=path)

    def _arguments(
        self,
        owner: MappingNode,
        node: Node,
        path: str,
        *,
        kinds: Mapping[str, type[msgspec.Struct]],
    ) -> object:
        named = owner.get("kind")
        if not isinstance(named, ScalarNode):
            return {}
        if named.text not in kinds:
            hint = suggestion(named.text, kinds)
            where = path.removesuffix("with") + "kind"
            self._complaints.add(
                f"unknown kind {described(named)}", at=named.at, path=where, hint=hint
            )
            return {}
        value = self.read(node, _type_info(kinds[named.text]), path)
        # As JSON and back: the same lists and texts that a pinned playbook will hold.
        return {} if value is None else msgspec.json.decode(msgspec.json.encode(value))

    def _from_text(self, node: Node, kind: mi.StructType, path: str) -> object:
        if not isinstance(node, ScalarNode):
            self._complaints.add(f"expected a text, found {described(node)}", at=node.at, path=path)
            return None
        try:
            return self._openings.texts[kind.cls](node.text)
        except InvalidDocumentError as error:
            self._complaints.add(error.message, at=node.at, path=path, hint=error.hint)
            return None

    def _refuse_unknown(self, node: MappingNode, kind: mi.StructType, path: str) -> None:
        known = {field.encode_name for field in kind.fields}
        for key, _ in node.entries:
            if (
                key.text not in known
                and key.text != kind.tag_field
                and not self._complaints.is_full
            ):
                self._complaints.add(
                    f"unknown key {described(key)}",
                    at=key.at,
                    path=_joined(path, key.text),
                    hint=suggestion(key.text, known),
                )

    def _built(
        self,
        kind: mi.StructType,
        values: dict[str, object],
        at: Position,
        *,
        path: str,
        is_whole: bool,
    ) -> object:
        if not is_whole and hasattr(kind.cls, "__post_init__"):
            return None
        blanks = {field.name: _blank(field.type) for field in kind.fields if field.required}
        try:
            return kind.cls(**(blanks | values))
        except (ValueError, TypeError) as error:
            self._complaints.add(str(error), at=at, path=path)
            return None

    def _misplaced(self, node: Node, kind: mi.Type, path: str) -> None:
        message = f"expected {wanted(kind)}, found {described(node)}"
        self._complaints.add(message, at=node.at, path=path)


def _blank(kind: mi.Type) -> object:
    match kind:
        case mi.StructType(cls=cls, fields=fields):
            return cls(**{field.name: _blank(field.type) for field in fields if field.required})
        case mi.VarTupleType():
            return ()
        case mi.DictType():
            return {}
        case _:
            return blank(kind)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
