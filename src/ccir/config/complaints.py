"""What is wrong with a table of settings: everything at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, get_args, get_origin

import msgspec

from ccir.config.positions import position, positions
from ccir.config.values import Conversion
from ccir.errors import InvalidDocumentError

_MOST_SHOWN = 50


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong; `path` is the dotted key, `line` and `column` count from 1."""

    path: tuple[str, ...]
    message: str
    hint: str = ""
    line: int = 1
    column: int = 1


class SettingsError(InvalidDocumentError):
    """A settings file that cannot be used, with everything that is wrong in it."""

    def __init__(self, file: Path, complaints: tuple[Complaint, ...]) -> None:
        super().__init__(_summary(file, complaints), hint=_advice(complaints))
        self.file = file
        self.complaints = complaints


def settings_error(file: Path, text: str, found: Iterable[Complaint]) -> SettingsError:
    """Return the error for these complaints, each with its line, in the order of the file."""
    known = positions(text)
    placed = [_placed(complaint, position(complaint.path, known)) for complaint in found]
    placed.sort(key=lambda complaint: (complaint.line, complaint.column))
    return SettingsError(file, tuple(placed))


def shape_complaints(
    value: object, shape: object, *, path: tuple[str, ...] = (), conversion: Conversion | None
) -> Iterator[Complaint]:
    """Yield everything that keeps the value from being of the shape, no value being shown.

    `shape` is a struct, a `dict`, or whatever msgspec converts to; structs and dicts are
    walked, so that one wrong key hides no other.
    """
    if isinstance(shape, type) and issubclass(shape, msgspec.Struct):
        yield from _of_struct(value, shape, path=path, conversion=conversion)
    elif get_origin(shape) is dict:
        yield from _of_mapping(value, shape, path=path, conversion=conversion)
    else:
        yield from _of_value(value, shape, path=path, conversion=conversion)


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or all of them; empty for none."""
    words = sorted(known)
    all_of_them = f"known: {', '.join(words)}" if words else ""
    return nearest(word, words) or all_of_them


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word; empty where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1)
    return f"did you mean '{near[0]}'?" if near else ""


def _of_struct(
    value: object,
    shape: type[msgspec.Struct],
    *,
    path: tuple[str, ...],
    conversion: Conversion | None,
) -> Iterator[Complaint]:
    if not isinstance(value, dict):
        yield Complaint(
            path=path, message="expected a table", hint=f"write it as [{_dotted(path)}]"
        )
        return
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    for key, entry in value.items():
        if key not in fields:
            yield _unknown(key, fields, path=path)
        else:
            shape_of_entry = fields[key].type
            yield from shape_complaints(
                entry, shape_of_entry, path=(*path, key), conversion=conversion
            )
    for key, field in fields.items():
        if field.required and key not in value:
            yield _missing(key, field.type, path=path)


def _of_mapping(
    value: object, shape: object, *, path: tuple[str, ...], conversion: Conversion | None
) -> Iterator[Complaint]:
    if not isinstance(value, dict):
        yield Complaint(
            path=path, message="expected a table", hint=f"write it as [{_dotted(path)}]"
        )
        return
    shape_of_key, shape_of_entry = get_args(shape)
    for key, entry in value.items():
        below = (*path, key)
        yield from _of_value(key, shape_of_key, path=below, conversion=conversion)
        yield from shape_complaints(entry, shape_of_entry, path=below, conversion=conversion)


def _of_value(
    value: object, shape: object, *, path: tuple[str, ...], conversion: Conversion | None
) -> Iterator[Complaint]:
    try:
        msgspec.convert(value, shape, dec_hook=conversion)
    except msgspec.ValidationError as error:
        words = _description(shape)
        message = f"expected {words}" if words else _without_place(error)
        yield Complaint(path=path, message=message, hint=_reason(error))


def _unknown(key: str, known: Mapping[str, object], *, path: tuple[str, ...]) -> Complaint:
    return Complaint(path=(*path, key), message="unknown key", hint=suggestion(key, known))


def _missing(key: str, shape: object, *, path: tuple[str, ...]) -> Complaint:
    words = _description(shape)
    where = _dotted(path)
    place = f"under [{where}]" if where else f"as [{key}]"
    return Complaint(
        path=path,
        message=f"'{key}' is missing",
        hint=f"add it {place}" + (f": {words}" if words else ""),
    )


def _description(shape: object) -> str:
    """Return the words that the shape, or a shape inside it, is described by."""
    if get_origin(shape) is Literal:
        return " or ".join(f"'{choice}'" for choice in get_args(shape))
    for meta in getattr(shape, "__metadata__", ()):
        if meta.description:
            return str(meta.description)
    inner = (_description(part) for part in get_args(shape))
    words = next((text for text in inner if text), "")
    return f"a list, each {words}" if words and get_origin(shape) in {tuple, list} else words


def _reason(error: msgspec.ValidationError) -> str:
    """Return what our own conversion said; msgspec's words are in the message already."""
    return str(error.__cause__) if isinstance(error.__cause__, ValueError) else ""


def _without_place(error: msgspec.ValidationError) -> str:
    text = str(error).partition(" - at ")[0].replace("`", "")
    return text[:1].lower() + text[1:]


def _placed(complaint: Complaint, place: tuple[int, int]) -> Complaint:
    return msgspec.structs.replace(complaint, line=place[0], column=place[1])


def _summary(file: Path, complaints: tuple[Complaint, ...]) -> str:
    shown = [_one_line(file, complaint) for complaint in complaints[:_MOST_SHOWN]]
    if len(complaints) > _MOST_SHOWN:
        shown.append(f"… and {len(complaints) - _MOST_SHOWN} more")
    return (
        shown[0]
        if len(complaints) == 1
        else "\n".join([f"{file} has {len(complaints)} errors:", *shown])
    )


def _one_line(file: Path, complaint: Complaint) -> str:
    parts = [_dotted(complaint.path), complaint.message]
    text = ": ".join(part for part in parts if part)
    hint = f" ({complaint.hint})" if complaint.hint else ""
    return f"{file}:{complaint.line}:{complaint.column}: {text}{hint}"


def _dotted(path: tuple[str, ...]) -> str:
    """Return the path with control characters escaped: a key may hold a terminal's commands."""
    return ".".join(part if part.isprintable() else repr(part) for part in path)


def _advice(complaints: tuple[Complaint, ...]) -> str:
    one = "the line" if len(complaints) == 1 else "these lines"
    return f"correct {one}; `ccir doctor` checks the file again"
