"""Opens the files of a relay's log, packed or not, in the order in which they were written."""

from __future__ import annotations

import datetime as dt
import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from ccir.delivery.relay_log import LIMIT_LINE_BYTES, Lines, RelayLog, read_log
from ccir.delivery.relay_log_times import LogClock, Span, joined
from ccir.errors import InvalidDocumentError, NotFoundError

LIMIT_FILES = 1_000
LIMIT_BYTES = 256 * 1024**3  # of one file, unpacked
_GZIP = b"\x1f\x8b"
_LINES_TRIED = 100
_BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """Which spans of time the files of a log cover, and in how many lines."""

    spans: tuple[Span, ...]
    lines: int


class _Bounded:
    """A stream's lines, of no more bytes than `LIMIT_BYTES`."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream = stream
        self._path = path
        self._left = LIMIT_BYTES

    def readline(self, size: int = -1, /) -> bytes:
        line = self._stream.readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise InvalidDocumentError(
                f"'{self._path}' is longer than {LIMIT_BYTES >> 30} GiB",
                hint="cut out the days in question",
            )
        return line


def read_files(paths: Iterable[Path], log: RelayLog, clock: LogClock) -> Covered:
    """Let the log follow all files, the oldest first, and return what they cover.

    Raises:
        NotFoundError: a file cannot be opened.
        InvalidDocumentError: there are too many, or one is damaged or too long.
    """
    begun = [(_first_moment(path, clock), path) for path in paths]
    if len(begun) > LIMIT_FILES:
        raise InvalidDocumentError(f"more than {LIMIT_FILES} files", hint="join them first")
    spans = []
    for _, path in sorted(begun, key=lambda each: each[0] or _BEGINNING):
        with _opened(path) as lines:
            ends = [clock.moment(line) for line in read_log(log, lines)]
        if ends[0] is not None and ends[1] is not None:
            spans.append(Span(first_at=min(ends[0], ends[1]), last_at=max(ends[0], ends[1])))
    return Covered(spans=tuple(joined(spans)), lines=log.lines)


def _first_moment(path: Path, clock: LogClock) -> dt.datetime | None:
    with _opened(path) as lines:
        for _ in range(_LINES_TRIED):
            moment = clock.moment(lines.readline(LIMIT_LINE_BYTES))
            if moment is not None:
                return moment
    return None


@contextmanager
def _opened(path: Path) -> Iterator[Lines]:
    try:
        with path.open("rb") as raw:
            is_packed = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            stream = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if is_packed else raw
            yield _Bounded(stream, path)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InvalidDocumentError(
            f"'{path}' is damaged: it cannot be unpacked to its end", hint="copy it again"
        ) from error
    except OSError as error:
        raise NotFoundError(
            f"the log '{path}' cannot be read: {error.strerror}", hint="check path and permissions"
        ) from error
