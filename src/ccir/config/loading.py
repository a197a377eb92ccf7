"""Reads `ccir.toml` into settings, or says everything that is wrong with it at once."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from ccir.config.complaints import (
    Complaint,
    SettingsError,
    settings_error,
    shape_complaints,
)
from ccir.config.conversion import conversion
from ccir.config.rules import broken_rules
from ccir.config.settings import SETTINGS_FILE, Channel, ChannelValue, Document, Settings
from ccir.errors import NotFoundError, UnavailableError

LIMIT_BYTES = 256 * 1024

Shape = TypeVar("Shape", bound=msgspec.Struct)
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")


def load_settings(workspace: Path) -> Settings:
    """Return the settings of the workspace, its paths made absolute.

    Raises:
        SettingsError: the file is no TOML, or holds a key or value that does not fit; the
            error carries every complaint with its line.
        NotFoundError: the folder holds no `ccir.toml`.
        UnavailableError: the file cannot be read.
    """
    folder = workspace.absolute()
    file = folder / SETTINGS_FILE
    text = _read(file)
    tables = _parse(file, text)
    convert = conversion(folder)
    found = [*shape_complaints(tables, Document, conversion=convert), *broken_rules(tables)]
    if found:
        raise settings_error(file, text, found)
    return _settings(folder, msgspec.convert(tables, Document, dec_hook=convert))


def channel_settings(settings: Settings, channel: str, shape: type[Shape]) -> Shape:
    """Return the channel's settings as its kind's own type.

    Paths of type `Path` are placed under the workspace. `channel` is an id of
    `settings.channels`.

    Raises:
        SettingsError: a key is unknown or missing, or a value does not fit.
    """
    values = settings.channels[channel].settings
    convert = conversion(settings.folder)
    found = list(shape_complaints(values, shape, path=("channels", channel), conversion=convert))
    if found:
        file = settings.folder / SETTINGS_FILE
        raise settings_error(file, _read(file), found)
    return msgspec.convert(values, shape, dec_hook=convert)


def _settings(folder: Path, document: Document) -> Settings:
    return Settings(
        folder=folder,
        organisation=document.organisation,
        people=document.people,
        targets=document.targets,
        bindings=document.bindings,
        channels={name: _channel(table) for name, table in document.channels.items()},
        approvals=document.approvals,
        privacy=document.privacy,
        restore=document.restore,
        drills=document.drills,
        acks=document.acks,
        obligations=document.obligations,
        contracts=document.contracts,
    )


def _channel(table: dict[str, ChannelValue]) -> Channel:
    values = {key: value for key, value in table.items() if key != "kind"}
    return Channel(kind=str(table["kind"]), settings=values)


def _read(file: Path) -> str:
    octets = _octets(file)
    if len(octets) > LIMIT_BYTES:
        raise _unusable(file, f"the file is larger than {LIMIT_BYTES // 1024} KiB")
    try:
        return octets.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = octets.count(b"\n", 0, error.start) + 1
        raise _unusable(file, "this is not UTF-8", line=line) from error


def _octets(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise NotFoundError(
                f"{file.parent} holds no {SETTINGS_FILE}",
                hint=f"make a workspace there with `ccir init {file.parent}`",
            )
        with file.open("rb") as stream:
            return stream.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise UnavailableError(
            f"{file} cannot be read: {error.strerror}", hint="let this user read it"
        ) from error


def _parse(file: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise _unusable(file, "tables or lists are nested too deeply") from error
    except ValueError as error:
        raise _syntax_error(file, text, str(error)) from error


def _syntax_error(file: Path, text: str, words: str) -> SettingsError:
    place = _PLACE.search(words)
    if place is None:
        return _unusable(file, f"this is not TOML: {words}")
    message = f"this is not TOML: {words[: place.start()]}"
    if place[1] is None:
        return _unusable(file, message, line=text.count("\n") + 1)
    return _unusable(file, message, line=int(place[1]), column=int(place[2]))


def _unusable(file: Path, message: str, *, line: int = 1, column: int = 1) -> SettingsError:
    return SettingsError(file, (Complaint(path=(), message=message, line=line, column=column),))
