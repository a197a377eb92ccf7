"""How a command speaks: results on stdout, progress on stderr, JSON where it is asked for."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from types import FrameType

    from rich.console import Console, RenderableType

_EVERY = 100  # of a stage's parts, where each line stays on the screen
_INTERRUPTED = 130
_ASKS_TO_STOP = (signal.SIGINT, signal.SIGTERM)


class Speech:
    """Prints for people or for programs; with JSON, people's words go to stderr."""

    def __init__(self, *, is_json: bool, columns: int | None, no_color: bool) -> None:
        self.is_json = is_json
        self.is_interrupted = False
        self._columns = columns
        self._no_color = no_color
        self._stage = ""
        self._forecast = ""

    def say(self, *lines: str) -> None:
        """Print lines of plain text for people."""
        for line in lines:
            print(line, file=sys.stderr if self.is_json else sys.stdout, flush=True)

    def warn(self, line: str) -> None:
        """Print a line that must not get lost in a result."""
        self._clear_line()
        print(line, file=sys.stderr)

    def result(self, value: object) -> bool:
        """Print the result as JSON if that was asked for, and return whether it was."""
        if self.is_json:
            self.say_json(value)
        return self.is_json

    def say_json(self, value: object) -> None:
        """Print a value as one indented JSON document."""
        octets = msgspec.json.format(msgspec.json.encode(value), indent=2)
        print(octets.decode("utf-8"))

    def line(self, value: object) -> None:
        """Print a value as one line of JSON."""
        print(msgspec.json.encode(value).decode("utf-8"), flush=True)

    def show(self, *parts: RenderableType) -> None:
        """Print tables and styled text for people."""
        console = self._console()
        for part in parts:
            console.print(part)

    def table(
        self,
        columns: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        title: str = "",
        styles: Sequence[str] = (),
        folding: int = 1,
    ) -> None:
        """Print a table; `styles` has one for each row, empty for none.

        The last `folding` columns may be broken into lines, the others stay whole.
        """
        from rich.table import Table
        from rich.text import Text

        table = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
        for number, name in enumerate(columns):
            is_whole = number < len(columns) - folding
            table.add_column(name, overflow="fold", no_wrap=is_whole, header_style="bold")
        for number, row in enumerate(rows):
            style = styles[number] if number < len(styles) else ""
            table.add_row(*(Text(cell) for cell in row), style=style or None)
        self.show(table)

    def progress(self, stage: str, done: int | None, total: int | None) -> None:
        """Tell on stderr what is being done now, and how far it is."""
        is_live = sys.stderr.isatty()
        if not is_live and stage == self._stage and (done is None or done % _EVERY):
            return
        self._clear_line()
        if stage != self._stage:
            self._forecast = ""
        self._stage = stage
        line = f"… {stage}{_of(done, total)}{self._forecast}"
        print(line, end="" if is_live else "\n", file=sys.stderr, flush=True)

    def forecast(self, words: str) -> None:
        """Let the stage's next lines of progress end in these words, until it ends."""
        self._forecast = f", {words}" if words else ""

    @contextmanager
    def work(self) -> Iterator[None]:
        """Let the first Ctrl-C ask the work to stop, and the second break it off.

        A service manager's SIGTERM asks too: the work cleans up before it ends.
        """
        asked = {each: signal.signal(each, self._interrupt) for each in _ASKS_TO_STOP}
        try:
            yield
        finally:
            for each, before in asked.items():
                signal.signal(each, before)
            self._end_progress()

    def status(self, status: int) -> int:
        """Return the exit status: 130 where the work was interrupted."""
        return _INTERRUPTED if self.is_interrupted else status

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.is_interrupted and number == signal.SIGINT:
            signal.default_int_handler(number, frame)
        self.is_interrupted = True
        print("\nstopping; Ctrl-C again breaks off at once", file=sys.stderr)

    def _end_progress(self) -> None:
        self._clear_line()
        self._stage = self._forecast = ""

    def _clear_line(self) -> None:
        """Wipe a live line of progress, so that the next one stands in its place."""
        if self._stage and sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def _console(self) -> Console:
        from rich.console import Console

        return Console(
            file=sys.stderr if self.is_json else sys.stdout,
            width=self._columns,
            no_color=self._no_color or None,
            highlight=False,
            markup=False,
            emoji=False,
        )


def _of(done: int | None, total: int | None) -> str:
    if done is None:
        return ""
    return f": {done}" if total is None else f": {done} of {total}"
