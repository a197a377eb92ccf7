"""Files whose names and contents lead a reader of a backup tool's output astray."""

from __future__ import annotations

import os
from hashlib import shake_256
from pathlib import Path

# Above restic's longest chunk, so that it is cut into several.
BIG_BYTES = 9 << 20  # above the 8 MiB of the largest blob
ODD_NAMES = (
    b"line\nbreak",
    b'"quoted"',
    b"back\\slash",
    b'a},{"id":"b',
    b'"}]',
    "Jürgen Müller — ☎.wav".encode(),
    "\ufffd".encode(),
    b"star*?[x]",
    b" leading and trailing ",
    b"-dash",
)
NO_UTF8 = (b"M\xfcller.txt", b"lone\xe2\x82", b"surrogate\xed\xa0\x80")


def write_odd_files(folder: Path) -> None:
    """Write every kind of name and content that was ever met, and some that were not yet."""
    folder.mkdir(parents=True)
    root = os.fsencode(folder)
    for number, odd in enumerate((*ODD_NAMES, *NO_UTF8)):
        _write(root + b"/" + odd, b"%d of the odd" % number)
    (folder / "big.wav").write_bytes(shake_256(b"big").digest(BIG_BYTES))
    (folder / "zeros.img").write_bytes(bytes(BIG_BYTES))
    for name in ("same", "empty"):
        (folder / "one" / name).mkdir(parents=True)
        (folder / "two" / name).mkdir(parents=True)
    for twin in ("one", "two"):
        (folder / twin / "same" / "recording").write_bytes(b"RIFF the very same")
        (folder / twin / "same" / "nothing").touch()
    (folder / "empty file").touch()
    (folder / "link").symlink_to("big.wav")
    os.link(folder / "one" / "same" / "recording", folder / "another name")


def _write(path: bytes, octets: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123 - a Path takes no bytes
        file.write(octets)
