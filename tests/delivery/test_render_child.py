from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TypeVar

import msgspec
import pytest

from ccir.conversation import read_frame, write_frame
from ccir.delivery.letter_text import Letters, LetterText
from ccir.delivery.render_child import serve
from ccir.delivery.render_frames import (
    MEMORY_STATUS,
    Answer,
    Batch,
    Opening,
    Ready,
    RenderFault,
    RenderLimits,
)
from support.rendering import bombing_text, person, template

Said = TypeVar("Said", Ready, Answer)
LIMITS = RenderLimits(cpu_seconds=7)


class Noted:
    """Bounds that only note what they were told."""

    def __init__(self, *, memory: int | None = None) -> None:
        self.noted: list[str] = []
        self._memory = memory

    def lower(self, limits: RenderLimits) -> None:
        assert limits == LIMITS
        self.noted.append("lowered")

    def batch(self, cpu_seconds: float) -> AbstractContextManager[None]:
        self.noted.append(f"{cpu_seconds} s")
        if len(self.noted) == self._memory:
            raise MemoryError
        return self._within()

    @contextlib.contextmanager
    def _within(self) -> Iterator[None]:
        yield


class Served:
    """What the renderer answers to a text and batches, in this process."""

    def __init__(self, text: LetterText, *batches: Batch, bounds: Noted | None = None) -> None:
        self.bounds = bounds or Noted()
        source, self._sink = io.BytesIO(), io.BytesIO()
        for asked in (Opening(text=text, limits=LIMITS), *batches):
            write_frame(source, msgspec.msgpack.encode(asked))
        source.seek(0)
        serve(source, self._sink, bounds=self.bounds)
        self._sink.seek(0)

    def said(self, kind: type[Said]) -> Said:
        frame = read_frame(self._sink, frame_bytes=1 << 20)
        assert frame is not None
        return msgspec.msgpack.decode(frame, type=kind)


def asked(*rows: int, is_dry: bool = False) -> Batch:
    return Batch(recipients=[person(row) for row in rows], is_dry=is_dry)


def test_messages_are_those_that_the_letters_write() -> None:
    served = Served(bombing_text(), asked(1, 2), asked(3))
    assert served.said(Ready) == Ready()
    letters = Letters(bombing_text())
    for rows in ([1, 2], [3]):
        messages = [letters.render(person(row)) for row in rows]
        assert served.said(Answer) == Answer(rows=rows, messages=[*messages])


def test_bounds_are_set_before_the_text_is_looked_at_and_anew_for_each_batch() -> None:
    broken = Served(LetterText(templates={"en": "nothing"}, values={}))
    assert broken.bounds.noted == ["lowered", "7.0 s"]
    assert "en text" in broken.said(Ready).message
    assert Served(bombing_text(), asked(1), asked(2)).bounds.noted == ["lowered", *["7.0 s"] * 3]


def test_a_dry_run_gives_the_first_message_of_each_language_and_counts_the_others() -> None:
    people = [person(1), person(2, language="fr"), person(3), person(4, language="de"), person(5)]
    batch = Batch(recipients=people, is_dry=True)
    served = Served(bombing_text(), batch)
    served.said(Ready)
    answer = served.said(Answer)
    assert answer.fits(batch)
    letters = Letters(bombing_text())
    samples = {"en": letters.render(people[0]), "de": letters.render(people[3])}
    assert (answer.samples, answer.written) == (samples, {"en": 3, "de": 1})


def test_a_row_that_cannot_be_written_is_a_fault_and_the_others_are_written() -> None:
    batch = Batch(recipients=[person(1), person(2, language="fr"), person(3)])
    served = Served(bombing_text(), batch)
    served.said(Ready)
    answer = served.said(Answer)
    assert answer.fits(batch)
    [fault] = answer.faults
    assert fault == RenderFault(
        row=2, message="the notice has no text in 'fr'", hint="preview it again"
    )


def test_whatever_a_template_makes_of_its_values_is_a_fault_that_shows_none_of_them() -> None:
    body = "{% if facts.count < recipient.plan %}more{% endif %}\n"
    text = template("en", body).replace("requires: [", "requires: [facts.count, recipient.plan, ")
    served = Served(
        LetterText(templates={"en": text}, values={"facts": {"count": 3}}),
        Batch(recipients=[person(1, plan="secret")]),
    )
    served.said(Ready)
    [fault] = served.said(Answer).faults
    assert fault.message == "the template does not work with its values (TypeError)"


@pytest.mark.parametrize("step", [2, 3])
def test_a_renderer_without_memory_ends_with_a_status_of_its_own(step: int) -> None:
    with pytest.raises(SystemExit) as caught:
        Served(bombing_text(), asked(1), bounds=Noted(memory=step))
    assert caught.value.code == MEMORY_STATUS


def test_a_renderer_that_is_told_nothing_ends() -> None:
    bounds = Noted()
    serve(io.BytesIO(), io.BytesIO(), bounds=bounds)
    assert bounds.noted == []
