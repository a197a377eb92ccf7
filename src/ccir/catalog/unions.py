"""Chooses which of several allowed types a written value was meant to be."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec.inspect as mi

from ccir.catalog.nodes import ListNode, MappingNode, Node, ScalarNode, is_nothing
from ccir.catalog.scalars import Misfit, scalar

_MAPPINGS = (mi.StructType, mi.DictType)
_LISTS = (mi.VarTupleType, mi.ListType)


def narrowed(node: Node, union: mi.UnionType) -> mi.Type:
    """Return the union's type that the node's form speaks for, else its first real one."""
    real = [kind for kind in union.types if not isinstance(kind, mi.NoneType)]
    nothing = next((kind for kind in union.types if isinstance(kind, mi.NoneType)), None)
    if nothing is not None and is_nothing(node):
        return nothing
    fitting = _fitting(node, real)
    return fitting[0] if fitting else real[0]


def _fitting(node: Node, kinds: Sequence[mi.Type]) -> list[mi.Type]:
    match node:
        case MappingNode():
            return _tagged(node, [kind for kind in kinds if isinstance(kind, _MAPPINGS)])
        case ListNode():
            return [kind for kind in kinds if isinstance(kind, _LISTS)]
        case ScalarNode():
            return _scalars(node, kinds)


def _scalars(node: ScalarNode, kinds: Sequence[mi.Type]) -> list[mi.Type]:
    single = [kind for kind in kinds if not isinstance(kind, (*_MAPPINGS, *_LISTS))]
    # Text takes whatever is written, so it is asked last: `3` is a number where one may stand.
    single.sort(key=lambda kind: isinstance(kind, mi.StrType))
    return [kind for kind in single if not isinstance(scalar(node, kind), Misfit)] or single[-1:]


def _tagged(node: MappingNode, kinds: Sequence[mi.Type]) -> list[mi.Type]:
    named: list[mi.Type] = [
        kind for kind in kinds if isinstance(kind, mi.StructType) and _names(node, kind)
    ]
    return named or list(kinds)


def _names(node: MappingNode, kind: mi.StructType) -> bool:
    tag = node.get(kind.tag_field) if kind.tag_field else None
    return isinstance(tag, ScalarNode) and tag.text == str(kind.tag)
