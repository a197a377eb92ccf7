"""Small archives of every kind, made in the test."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping

from ccir.entropy import SeededEntropy

SUMS = "SHA256SUMS"
FILES: Mapping[str, bytes] = {
    "notes.txt": b"text " * 400,
    "calls/one.wav": SeededEntropy(5).octets(30_000),
    "calls/two.wav": SeededEntropy(6).octets(700),
}
KINDS = ("tar", "tar.gz", "tar.bz2", "tar.xz", "zip")
_PACK: Mapping[str, Callable[[bytes], bytes]] = {
    "tar": bytes,
    "tar.gz": gzip.compress,
    "tar.bz2": bz2.compress,
    "tar.xz": lzma.compress,
}


def archive(kind: str, files: Mapping[str, bytes] = FILES) -> bytes:
    """Return the files as an archive of that kind."""
    return zipped(files) if kind == "zip" else _PACK[kind](tarred(files))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a zip, with a folder of its own entry."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("calls/", b"")
        for name, octets in files.items():
            opened.writestr(name, octets)
    return target.getvalue()


def tarred(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a tar, with a folder and a link among them."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as opened:
        folder, link = tarfile.TarInfo("calls"), tarfile.TarInfo("link")
        folder.type, link.type, link.linkname = tarfile.DIRTYPE, tarfile.SYMTYPE, "notes.txt"
        opened.addfile(folder)
        for name, octets in files.items():
            info = tarfile.TarInfo(f"./{name}")
            info.size = len(octets)
            opened.addfile(info, io.BytesIO(octets))
        opened.addfile(link)
    return target.getvalue()


def with_sums(files: Mapping[str, bytes] = FILES) -> dict[str, bytes]:
    """Return the files and the list of their digests, as sha256sum writes it."""
    lines = [f"{hashlib.sha256(octets).hexdigest()}  {name}\n" for name, octets in files.items()]
    return {SUMS: "".join(lines).encode(), **files}
