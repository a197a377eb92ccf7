"""Makes one small real restic repository, and copies of it that tests may break."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import cast

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.poly1305 import Poly1305

PASSWORD = "correct horse battery staple"
CONTROL_PASSWORD = "control"  # of what a drill plants to practise on
HOST = "crm1"
TAG = "crm"
TAKEN_AT = "2026-01-02 03:04:05"
CUSTOMERS = 500
RECORDINGS = 24
FILES = RECORDINGS + 1

_MACHINE_SEED = b"ccir"
_RECORDING_BYTES = 3_000
_DEADLINE_SECONDS = 60
_NONCE_BYTES = 16
_CHEAP = {"N": 2, "r": 8, "p": 1}


class Repository(msgspec.Struct, frozen=True, kw_only=True):
    """A repository on disk, the file with its password, and what was backed up."""

    folder: Path
    password_file: Path
    source: Path

    @property
    def snapshot_id(self) -> str:
        """The id of its only snapshot."""
        return next(iter(sorted(path.name for path in (self.folder / "snapshots").iterdir())))

    def pack(self, *, of: str) -> Path:
        """Return the pack holding file contents (`data`) or folders (`tree`).

        The fixture has exactly one of each, and contents are larger.
        """
        packs = sorted(
            (path for path in (self.folder / "data").rglob("*") if path.is_file()),
            key=lambda path: path.stat().st_size,
        )
        return packs[-1] if of == "data" else packs[0]

    def copied(self, folder: Path) -> Repository:
        """Return a copy that may be broken."""
        shutil.copytree(self.folder, folder)
        return msgspec.structs.replace(self, folder=folder)


def restic_is_there() -> bool:
    """Tell whether restic is installed."""
    return shutil.which("restic") is not None


def make_repository(folder: Path) -> Repository:
    """Return a new repository with one snapshot of a small customer database and recordings."""
    repository = empty_repository(folder)
    write_source(repository.source)
    back_up(repository, at=TAKEN_AT)
    return repository


def clean_repository(folder: Path) -> Repository:
    """Return a new repository with one snapshot whose recordings are what their names say."""
    repository = empty_repository(folder)
    write_source(repository.source)
    for file in (repository.source / "recordings").iterdir():
        file.write_bytes(b"RIFF\0\0\0\0WAVEfmt " + bytes(2_000))
    back_up(repository, at=TAKEN_AT)
    return repository


def shared_repository(base: Path) -> Repository:
    """Return the one repository below `base` that tests read or copy, made on first use."""
    folder = base / "restic-repository"
    if not folder.exists():
        return make_repository(folder)
    return _repository(folder)


def empty_repository(folder: Path) -> Repository:
    """Return a new repository without any snapshot, opened fast."""
    folder.mkdir(parents=True, exist_ok=True)
    password_file = folder / "password"
    password_file.write_text(PASSWORD + "\n", encoding="utf-8")
    password_file.chmod(0o600)
    repository = _repository(folder)
    _initialise(repository.folder, PASSWORD)
    return repository


def quick_init(folder: Path, *, password: str = CONTROL_PASSWORD) -> str:
    """Return a shell script that does what `restic init` does, by copying `folder`."""
    _initialise(folder, password)
    return f'cp -R {folder} "$RESTIC_REPOSITORY"; exit 0'


def _initialise(folder: Path, password: str) -> None:
    for path, octets in _initialised(password):
        if octets is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(octets)


@cache
def _initialised(password: str) -> tuple[tuple[str, bytes | None], ...]:
    """Return the folders (None) and files of a repository that restic has just made.

    Making it takes restic two seconds, nearly all of which choose the cost of its key: all
    repositories of a process are copies of one. Each has the same id and the same key.
    """
    with tempfile.TemporaryDirectory() as folder:
        password_file = Path(folder, "password")
        password_file.write_text(password + "\n", encoding="utf-8")
        repository = _repository(Path(folder))
        restic(repository, "init")
        make_key_cheap(repository.folder, password=password)
        root = repository.folder
        found = [root, *sorted(root.rglob("*"))]  # a folder comes before what is in it
        return tuple(
            (str(path.relative_to(root)), path.read_bytes() if path.is_file() else None)
            for path in found
        )


def write_source(folder: Path) -> None:
    """Write the data to be backed up: an SQLite database and recordings."""
    recordings = folder / "recordings"
    recordings.mkdir(parents=True)
    for number in range(RECORDINGS):
        (recordings / f"call-{number:03}.wav").write_bytes(b"RIFF" + _noise(number))
    with closing(sqlite3.connect(folder / "crm.sqlite")) as database:
        database.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
        rows = [(f"customer {number}",) for number in range(CUSTOMERS)]
        database.executemany("INSERT INTO customers (name) VALUES (?)", rows)
        database.commit()


def back_up(repository: Repository, *, at: str, host: str = HOST, tag: str = TAG) -> None:
    """Back the source up once more, dated `at` (local time of the machine, as restic takes it)."""
    source = str(repository.source)
    restic(repository, "backup", "--time", at, "--host", host, "--tag", tag, "--", source)


def restic(repository: Repository, *arguments: str, program: str = "restic") -> str:
    """Run restic on the repository and return what it printed."""
    environment = {
        "PATH": os.environ["PATH"],
        "RESTIC_REPOSITORY": str(repository.folder),
        "RESTIC_PASSWORD_FILE": str(repository.password_file),
        "TZ": "UTC",
    }
    done = subprocess.run(
        [program, "--no-cache", *arguments],
        env=environment,
        capture_output=True,
        check=True,
        timeout=_DEADLINE_SECONDS,
        text=True,
    )
    return done.stdout


def make_key_cheap(folder: Path, *, password: str) -> None:
    """Seal the repository's key again under a cheap scrypt, so that opening takes no time.

    restic chooses scrypt's cost so that opening takes about half a second; a test that opens
    the repository ten times would only measure that. Format: restic's design document, 'Keys'.
    """
    path = next((folder / "keys").iterdir())
    key = cast("dict[str, object]", json.loads(path.read_text(encoding="utf-8")))
    master = _unseal(_derived(key, password), base64.b64decode(str(key["data"])))
    key.update(_CHEAP)
    sealed = _seal(_derived(key, password), master)
    key["data"] = base64.b64encode(sealed).decode("ascii")
    text = json.dumps(key).encode("utf-8")
    path.unlink()
    path.with_name(hashlib.sha256(text).hexdigest()).write_bytes(text)


def _repository(folder: Path) -> Repository:
    return Repository(
        folder=folder / "repository",
        password_file=folder / "password",
        source=folder / "source",
    )


def _noise(number: int) -> bytes:
    """Return bytes that do not compress, the same for the same number."""
    blocks = range(_RECORDING_BYTES // 32)
    return b"".join(hashlib.sha256(_MACHINE_SEED + b"%d-%d" % (number, n)).digest() for n in blocks)


def _derived(key: dict[str, object], password: str) -> bytes:
    cost, block, lanes = (int(str(key[name])) for name in ("N", "r", "p"))
    salt = base64.b64decode(str(key["salt"]))
    memory = 256 * cost * block * lanes + 1024 * 1024
    return hashlib.scrypt(
        password.encode("utf-8"), salt=salt, n=cost, r=block, p=lanes, dklen=64, maxmem=memory
    )


def _unseal(key: bytes, sealed: bytes) -> bytes:
    nonce, text, mac = sealed[:16], sealed[16:-16], sealed[-16:]
    if _mac(key, nonce=nonce, text=text) != mac:
        raise ValueError("the fixture's key does not open with the fixture's password")
    return _ctr(key, nonce=nonce, text=text)


def _seal(key: bytes, text: bytes) -> bytes:
    nonce = hashlib.sha256(text).digest()[:_NONCE_BYTES]
    hidden = _ctr(key, nonce=nonce, text=text)
    return nonce + hidden + _mac(key, nonce=nonce, text=hidden)


def _ctr(key: bytes, *, nonce: bytes, text: bytes) -> bytes:
    stream = Cipher(algorithms.AES(key[:32]), modes.CTR(nonce)).encryptor()
    return stream.update(text) + stream.finalize()


def _mac(key: bytes, *, nonce: bytes, text: bytes) -> bytes:
    """Return Poly1305-AES of the text, as restic computes it."""
    block = Cipher(algorithms.AES(key[32:48]), modes.ECB()).encryptor()  # noqa: S305 - one block
    blinding = block.update(nonce) + block.finalize()
    return Poly1305.generate_tag(key[48:64] + blinding, text)
