"""Sets a batch of letters as one PDF/A through typst (the extra `letters`).

1. What is set reaches typst as JSON: no word of a letter is ever taken for markup.
2. A character that no font has would leave a gap on paper: PDF/A refuses it, so each character
   is tried once in the look it has, before its letter is accepted.
3. typst keeps what it computed for the ten documents that follow; after each batch it is given so
   many empty ones, or its memory would grow with every batch.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from ccir.channels.outbox_letters import Letter
from ccir.channels.outbox_page import BREAK, Block, Kind, Run, blocks_of, runs_in
from ccir.errors import UnavailableError

if TYPE_CHECKING:
    import typst

Layout = Literal["din-5008-b", "simple"]
Look = tuple[bool, bool]

LIMIT_LETTERS: Final = 150  # of two pages each: about 330 MB of memory while they are set
_STANDARD: Final = "a-2u"
_FONT: Final = "Libertinus Serif"  # the one within typst for running text
_FORGOTTEN: Final = 11
_MARK_DIGITS: Final = 12
_NAMED: Final = 3
_SHEET: Final = Path(__file__).with_name("outbox_letters.typ")
_EMPTY: Final = b"#pagebreak()\n"
_TRIAL: Final = b"""#let it = json(bytes(sys.inputs.batch))
#set text(font: it.fonts, weight: if it.is_strong { "bold" } else { "regular" },
  style: if it.is_emphatic { "italic" } else { "normal" })
#it.characters
"""


class Style(msgspec.Struct, frozen=True, kw_only=True):
    """How letters look: where the address stands, who sends them, in which fonts, in which zone."""

    layout: Layout = "din-5008-b"
    return_address: str = ""
    fonts: Path | None = None
    zone: ZoneInfo


class Typesetter:
    """Sets letters of one style.

    Raises:
        UnavailableError: typst is not installed, or the folder of fonts holds none.
    """

    def __init__(self, style: Style) -> None:
        self._style = style
        self._compiler, self._fonts = _compiler(style.fonts)
        self._has: set[tuple[str, Look]] = set()
        self._lacks: set[tuple[str, Look]] = set()

    @property
    def prefix(self) -> str:
        """Return what the names of its products begin with."""
        return "letters"

    @property
    def limit(self) -> int:
        """Return how many letters are set at once."""
        return LIMIT_LETTERS

    def group(self, letter: Letter) -> str:
        """Return the language: a document has one."""
        return letter.language

    def lacking(self, letter: Letter) -> list[str]:
        """Return the first characters of the letter that no font has; none where all are there."""
        asked = {*self._characters(letter)}
        for each in sorted(asked - self._has - self._lacks):
            if len(asked & self._lacks) >= _NAMED:
                break
            self._try(asked - self._has - self._lacks, each)
        return [character for character, _ in sorted(asked & self._lacks)][:_NAMED]

    def make(self, letters: Sequence[Letter]) -> Mapping[str, bytes]:
        """Return the PDF of letters in one language; the same letters give the same bytes.

        Raises:
            UnavailableError: typst cannot set them.
        """
        pdf = self._compiled(_SHEET.read_bytes(), self._batch(letters))
        for _ in range(_FORGOTTEN):
            self._compiled(_EMPTY, {})
        return {".pdf": pdf}

    def _try(self, untried: set[tuple[str, Look]], one: tuple[str, Look]) -> None:
        """Sort the untried characters of the same look, all at once if they are all there."""
        alike = {each for each in untried if each[1] == one[1]}
        if one not in alike:
            return
        if self._can_set(alike):
            self._has |= alike
        elif self._can_set({one}):
            self._has.add(one)
        else:
            self._lacks.add(one)

    def _can_set(self, alike: set[tuple[str, Look]]) -> bool:
        [(is_strong, is_emphatic)] = {look for _, look in alike}
        asked = {
            "fonts": self._fonts,
            "is_strong": is_strong,
            "is_emphatic": is_emphatic,
            "characters": " ".join(sorted(character for character, _ in alike)),
        }
        try:
            self._compiled(_TRIAL, asked)
        except UnavailableError:
            return False
        return True

    def _characters(self, letter: Letter) -> Iterator[tuple[str, Look]]:
        plain, strong = (False, False), (True, False)
        for text in (*letter.postal, self._style.return_address):
            yield from ((each, plain) for each in text)
        yield from ((each, strong) for each in letter.subject)
        for kind, run in runs_in(blocks_of(letter.text, letter.html)):
            if run.text != BREAK:
                yield from ((each, _look(kind, run)) for each in run.text)

    def _batch(self, letters: Sequence[Letter]) -> dict[str, object]:
        first = letters[0]
        at = dt.datetime.fromisoformat(first.date)
        language, _, region = first.language.partition("-")
        return {
            "title": f"{first.date[:10]} {first.language}",
            "date": {
                name: getattr(at, name)
                for name in ("year", "month", "day", "hour", "minute", "second")
            },
            "fonts": self._fonts,
            "language": language,
            "region": region or None,
            "layout": self._style.layout,
            "return_address": self._style.return_address,
            "letters": [self._letter(letter) for letter in letters],
        }

    def _letter(self, letter: Letter) -> dict[str, object]:
        at = dt.datetime.fromisoformat(letter.date)
        blocks: tuple[Block, ...] = blocks_of(letter.text, letter.html)
        return {
            "mark": letter.letter[:_MARK_DIGITS],
            "day": f"{at.astimezone(self._style.zone):%Y-%m-%d}",
            "postal": letter.postal,
            "subject": letter.subject,
            "blocks": blocks,
        }

    def _compiled(self, sheet: bytes, batch: Mapping[str, object]) -> bytes:
        import typst

        try:
            made = self._compiler.compile(
                input=sheet,
                format="pdf",
                sys_inputs={"batch": msgspec.json.encode(batch).decode()},
                pdf_standards=_STANDARD,
                pdf_tags=False,
            )
        except typst.TypstError as error:  # its words may hold the letter's: they are not passed on
            raise UnavailableError(
                "typst cannot set the letters", hint="look for odd characters in text and names"
            ) from error
        if not isinstance(made, bytes):
            raise UnavailableError("typst gave no PDF", hint="install the version ccir names")
        return made


def _look(kind: Kind, run: Run) -> Look:
    return run.is_strong or kind == "heading", run.is_emphatic


def _compiler(folder: Path | None) -> tuple[typst.Compiler, list[str]]:
    try:
        import typst
    except ImportError as error:
        raise UnavailableError(
            "letters are set by typst, which is not installed",
            hint="install ccir with its extra: pip install 'ccir[letters]'",
        ) from error
    own: list[str] = []
    if folder is not None:
        found = typst.Fonts(False, False, [str(folder)])  # noqa: FBT003 - its names are not kept
        own = sorted(found.families())
        if not own:
            raise UnavailableError(
                f"there is no font in {folder}", hint="name a folder with .ttf or .otf files"
            )
    paths = [] if folder is None else [str(folder)]
    return typst.Compiler(ignore_system_fonts=True, font_paths=paths), [*own, _FONT]
