"""What the first bytes of a file look like, by the ending of its name."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from pathlib import PurePath
from typing import Final

import msgspec

HEAD_BYTES = 4_096
_PDF_WITHIN = 1_024
# Text stays below 6.1 bits a byte, base64 included; 4 KiB of ciphertext have 7.95.
_MOST_ENTROPY = 7.0
_ENOUGH_FOR_ENTROPY = 512
# One ciphertext byte in ten is a control character that no text holds.
_MOST_CONTROLS = 0.02
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\v\f\r\x1b") | {127}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"
# Behind a known ending these say that the content is another, as `call.wav.gpg` does.
_CHANGES_CONTENT = frozenset(
    {"age", "asc", "enc", "gpg", "p7m", "pgp", "sig"}
    | {"br", "lz", "lz4", "lzma", "lzo", "z"}
    | {"crc", "idx", "lock", "md5", "meta", "part", "sha1", "sha256", "sha512"}
)


class Looks(msgspec.Struct, frozen=True, kw_only=True):
    """What files of a type look like; an empty one may say nothing about it."""

    type: str
    fits: Callable[[bytes], bool]
    may_be_empty: bool = False


def looks_of(name: str) -> Looks | None:
    """Return what the file of that name looks like, or None where its name does not say.

    A strange ending behind a known one (`call.wav.locked`) is passed over: so ransomware
    renames files. One that tells of another content (`call.wav.gpg`) is not.
    """
    suffixes = [suffix[1:].lower() for suffix in PurePath(name).suffixes[-2:]]
    if not suffixes or suffixes[-1] in _CHANGES_CONTENT:
        return None
    known = [_TYPES[suffix] for suffix in suffixes if suffix in _TYPES]
    return known[-1] if known else None


def entropy(octets: bytes) -> float:
    """Return the bits of information in a byte, 0 to 8, by how often each value occurs."""
    total = len(octets)
    shares = (count / total for count in Counter(octets).values())
    return -sum(share * math.log2(share) for share in shares)


def _begins(*magics: bytes, at: int = 0) -> Callable[[bytes], bool]:
    return lambda head: head[at:].startswith(magics)


def _is_riff(kind: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] in {b"RIFF", b"RF64"} and head[8:12] == kind


def _is_mp3(head: bytes) -> bool:
    """An ID3 tag, or a frame's eleven set bits; padding before the first frame is common."""
    frame = head.lstrip(b"\0")[:2]
    return head.startswith(b"ID3") or (frame[:1] == b"\xff" and frame[1:] >= b"\xe0")


def _is_plain(head: bytes) -> bool:
    """Tell whether it is text, of whatever encoding."""
    if head.startswith(_UTF16):
        return True
    controls = sum(octet in _CONTROLS for octet in head)
    if controls > _MOST_CONTROLS * len(head):
        return False
    return len(head) < _ENOUGH_FOR_ENTROPY or entropy(head) <= _MOST_ENTROPY


def _text_beginning(*first: bytes) -> Callable[[bytes], bool]:
    def fits(head: bytes) -> bool:
        begin = head.removeprefix(_BOM).lstrip()
        return _is_plain(head) and (begin.startswith(first) or head.startswith(_UTF16))

    return fits


def _is_sqlite(head: bytes) -> bool:
    """A header page is not compressed: one that is keeps no more than its magic."""
    return head.startswith(b"SQLite format 3\0") and entropy(head) <= _MOST_ENTROPY


_JSON = (b"{", b"[", b'"', b"-", b"t", b"f", b"n", *(b"%d" % digit for digit in range(10)))
_FITS: Final[dict[str, Callable[[bytes], bool]]] = {
    "7z": _begins(b"7z\xbc\xaf\x27\x1c"),
    "avi": _is_riff(b"AVI "),
    "bmp": _begins(b"BM"),
    "bz2 tbz2": _begins(b"BZh"),
    "doc xls ppt msg": _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "docx xlsx pptx odt ods odp zip jar": _begins(b"PK\x03\x04", b"PK\x05\x06"),
    "flac": _begins(b"fLaC"),
    "gif": _begins(b"GIF87a", b"GIF89a"),
    "gz tgz": _begins(b"\x1f\x8b"),
    "jpg jpeg": _begins(b"\xff\xd8\xff"),
    "mkv webm": _begins(b"\x1a\x45\xdf\xa3"),
    "mp3": _is_mp3,
    "mp4 m4a mov": _begins(b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", at=4),
    "ogg opus oga": _begins(b"OggS"),
    "pdf": lambda head: b"%PDF-" in head[:_PDF_WITHIN],
    "png": _begins(b"\x89PNG\r\n\x1a\n"),
    "sqlite sqlite3": _is_sqlite,
    "tar": _begins(b"ustar", at=257),
    "tif tiff": _begins(b"II*\0", b"MM\0*"),
    "wav": _is_riff(b"WAVE"),
    "webp": _is_riff(b"WEBP"),
    "xz txz": _begins(b"\xfd7zXZ\0"),
    "zst": _begins(b"\x28\xb5\x2f\xfd"),
}
_TEXT_FITS: Final[dict[str, Callable[[bytes], bool]]] = {
    "json": _text_beginning(*_JSON),
    "xml svg": _text_beginning(b"<"),
    "csv tsv txt log md sql html htm css js py sh ini conf cfg toml yaml yml jsonl vcf ics eml": (
        _is_plain
    ),
}
_TYPES: Final[dict[str, Looks]] = {
    suffix: Looks(type=suffix, fits=fits, may_be_empty=fits_of is _TEXT_FITS)
    for fits_of in (_FITS, _TEXT_FITS)
    for suffixes, fits in fits_of.items()
    for suffix in suffixes.split()
}
