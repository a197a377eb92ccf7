"""Damage: the one place for what is done to files and repositories so that it must be found."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from support.restic_repository import Repository
from support.restic_targets import only_file

Break = Callable[[Repository], object]

_AT_PACK_HEADER = -10


def flip_bit(path: Path, at: int) -> None:
    """Change the lowest bit of one byte in place."""
    path.chmod(0o600)
    octets = bytearray(path.read_bytes())
    octets[at] ^= 1
    path.write_bytes(bytes(octets))


def cut(path: Path, *, to: float) -> None:
    """Cut a file to that share of its length."""
    path.chmod(0o600)
    os.truncate(path, int(path.stat().st_size * to))


def change_key(path: Path) -> None:
    """Change the sealed key so that it can still be parsed, but not be opened."""
    key = json.loads(path.read_text(encoding="utf-8"))
    first, rest = key["data"][0], key["data"][1:]
    key["data"] = ("B" if first == "A" else "A") + rest
    path.chmod(0o600)
    path.write_text(json.dumps(key), encoding="utf-8")


# What can be done to the small repository that has one file of each kind, by what is lost.
DAMAGES: Mapping[str, Break] = {
    "nothing": lambda _: None,
    "a bit of the data": lambda it: flip_bit(it.pack(of="data"), at=100),
    "a bit of the data's header": lambda it: flip_bit(it.pack(of="data"), at=_AT_PACK_HEADER),
    "half of the data": lambda it: cut(it.pack(of="data"), to=0.5),
    "all of the data's bytes": lambda it: cut(it.pack(of="data"), to=0),
    "the data": lambda it: it.pack(of="data").unlink(),
    "a bit of the folders": lambda it: flip_bit(it.pack(of="tree"), at=100),
    "half of the folders": lambda it: cut(it.pack(of="tree"), to=0.5),
    "all of the folders' bytes": lambda it: cut(it.pack(of="tree"), to=0),
    "the folders": lambda it: it.pack(of="tree").unlink(),
    "a bit of the index": lambda it: flip_bit(only_file(it.folder / "index"), at=40),
    "half of the index": lambda it: cut(only_file(it.folder / "index"), to=0.5),
    "the index": lambda it: only_file(it.folder / "index").unlink(),
    "a bit of the snapshot": lambda it: flip_bit(only_file(it.folder / "snapshots"), at=40),
    "all of the snapshot's bytes": lambda it: cut(only_file(it.folder / "snapshots"), to=0),
    "the snapshot": lambda it: only_file(it.folder / "snapshots").unlink(),
    "a letter of the key": lambda it: change_key(only_file(it.folder / "keys")),
    "the key's first byte": lambda it: flip_bit(only_file(it.folder / "keys"), at=0),
    "the key": lambda it: only_file(it.folder / "keys").unlink(),
    "a bit of the config": lambda it: flip_bit(it.folder / "config", at=40),
    "half of the config": lambda it: cut(it.folder / "config", to=0.5),
    "all of the config's bytes": lambda it: cut(it.folder / "config", to=0),
    "the config": lambda it: (it.folder / "config").unlink(),
    "the repository": lambda it: shutil.rmtree(it.folder),
}
