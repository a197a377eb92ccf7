"""What is done to a backup, and around it, so that a whole drill must notice."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable

import msgspec

from support.damage import flip_bit
from support.drill_faults import HASTY, Scene
from support.drills import back_up_nothing
from support.restic_repository import back_up

_SMALL_PACK_BYTES = 8_000


def lose_newest(scene: Scene) -> None:
    """Remove the newest snapshot."""
    newest = max((scene.repository.folder / "snapshots").iterdir(), key=os.path.getmtime)
    newest.unlink()


def lose_all(scene: Scene) -> None:
    """Remove every snapshot."""
    shutil.rmtree(scene.repository.folder / "snapshots")
    (scene.repository.folder / "snapshots").mkdir()


def lose_folders(scene: Scene) -> None:
    """Change a bit in each pack of folders: what a file must be is remembered from before."""
    for pack in (scene.repository.folder / "data").rglob("*"):
        if pack.is_file() and pack.stat().st_size < _SMALL_PACK_BYTES:
            flip_bit(pack, at=100)


def wrong_password(scene: Scene) -> None:
    """Give a password that opens nothing."""
    secret(scene, "not the password\n")


def secret(scene: Scene, text: str) -> None:
    """Give the text as the password."""
    path = scene.folder / "secret"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    scene.aim(password_file=str(path))


def asks(*command: str) -> Callable[[Scene], None]:
    """Return the deed that has a program asked for the password."""
    return lambda scene: scene.aim(password_file=None, password_command=command)


def hang(scene: Scene) -> None:
    """Have a program asked for the password that does not answer."""
    asks("sleep", "30")(scene)
    scene.equip(deadlines=msgspec.structs.replace(HASTY, open_seconds=1))


def refuse(scene: Scene) -> None:
    """Look for the repository where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        scene.aim(repository=f"rest:http://127.0.0.1:{bound.getsockname()[1]}/")
    scene.equip(deadlines=msgspec.structs.replace(HASTY, open_seconds=1))


def put_file_in_place_of_scratch(scene: Scene) -> None:
    """Put a file where scratch folders are to be made."""
    scene.kit.scratch.write_text("x", encoding="ascii")


def put_file_in_place_of_restored(scene: Scene) -> None:
    """Put a file where the snapshot is to be restored."""

    def replace() -> None:
        (restored,) = scene.kit.scratch.glob("*/restored")
        restored.rmdir()
        restored.write_text("x", encoding="ascii")

    scene.at("restore", replace)


def hijack_latest(scene: Scene) -> None:
    """Add an empty snapshot that is dated in the future."""
    back_up_nothing(scene.repository, scene.folder / "nothing", at="2027-01-01 00:00:00")


def encrypt(scene: Scene) -> None:
    """Back up recordings of which six in ten are what ransomware leaves of them."""
    source = scene.folder / "struck"
    source.mkdir()
    for number in range(10):
        head = b"RIFF\0\0\0\0WAVEfmt " if number < 4 else bytes(range(200, 216))
        (source / f"{number}.wav").write_bytes(head + bytes([number]) * 500)
    back_up(msgspec.structs.replace(scene.repository, source=source), at="2026-01-02 03:10:00")
