from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from ccir.catalog.environment import RenderError
from ccir.clock import SystemClock
from ccir.delivery.letter_text import Letters, LetterText
from ccir.delivery.render_bounds import OPEN_FILES
from ccir.delivery.render_frames import RenderFault, RenderLimits
from ccir.delivery.render_process import Renderer, Written, rendering
from ccir.domain.notices import Recipient
from ccir.errors import InvalidDocumentError, UnavailableError
from support.hurried_clock import HurriedClock
from support.processes import has_died
from support.rendering import (
    bombing_text,
    is_renderer,
    person,
    renderers,
    saying,
    template,
)

LIMITS = RenderLimits(memory_bytes=64 << 20, cpu_seconds=0.3, batch_rows=4, losses=100)
MANY = "x" * 30_000
TEXT = bombing_text()


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with rendering(TEXT, clock=SystemClock(), limits=LIMITS) as started:
        yield started


def expected(*rows: int) -> list[Written]:
    letters = Letters(TEXT)
    return [letters.render(person(row)) for row in rows]


def pid_beside(others: list[int]) -> int:
    [pid] = {*renderers()} - {*others}
    return pid


def test_messages_come_back_in_order_as_the_letters_write_them(renderer: Renderer) -> None:
    assert renderer.many(map(person, range(1, 31))) == expected(*range(1, 31))
    assert renderer.many([]) == []


def test_a_row_that_cannot_be_written_is_named_and_holds_up_nobody(renderer: Renderer) -> None:
    people = [person(1), person(2, language="fr"), person(3)]
    one, fault, three = renderer.many(people)
    assert [one, three] == expected(1, 3)
    assert isinstance(fault, RenderFault)
    assert (fault.row, fault.message) == (2, "the notice has no text in 'fr'")


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("wide", "rendering needs more than 64 MiB of memory"),
        ("deep", "rendering needs more than 0.3 s of computing"),
    ],
)
def test_the_row_that_takes_too_much_is_named_and_the_others_are_written(
    renderer: Renderer, column: str, reason: str
) -> None:
    people = [person(row, **({column: MANY} if row == 2 else {})) for row in range(1, 8)]
    first, fault, *others = renderer.many(people)
    assert [first, *others] == expected(1, *range(3, 8))
    assert fault == RenderFault(
        row=2,
        message=reason,
        hint="shorten the values, or take loops and filters out of the template",
    )


def test_one_row_alone_that_takes_too_much_is_not_tried_twice(renderer: Renderer) -> None:
    before = renderer._losses
    [fault] = renderer.many([person(417_003, deep=MANY)])
    assert isinstance(fault, RenderFault)
    assert (fault.row, renderer._losses) == (417_003, before + 1)


def test_a_renderer_that_is_killed_is_replaced_and_no_message_is_lost(renderer: Renderer) -> None:
    stream = renderer.stream(map(person, range(1, 31)))
    begun = [written for _, written in islice(stream, 5)]
    os.kill(pid_beside([]), signal.SIGKILL)
    assert begun + [written for _, written in stream] == expected(*range(1, 31))


def test_calls_may_overlap_and_be_given_up(renderer: Renderer) -> None:
    first = renderer.stream(map(person, range(1, 31)))
    second = renderer.stream(map(person, range(101, 131)))
    mixed = [next(stream)[1] for _ in range(9) for stream in (first, second)]
    assert mixed[::2] + mixed[1::2] == expected(*range(1, 10), *range(101, 110))
    assert renderer.many([person(50)]) == expected(50)
    del second
    assert [written for _, written in first] == expected(*range(10, 31))


def test_nothing_is_asked_of_the_list_before_it_is_needed(renderer: Renderer) -> None:
    read: list[int] = []

    def people() -> Iterator[Recipient]:
        for row in range(1, 1_000):
            read.append(row)
            yield person(row)

    next(renderer.stream(people()))
    assert len(read) == LIMITS.batch_rows * (LIMITS.ahead + 1)


def test_the_kernel_holds_the_renderer_and_nobody_can_read_who_is_told(
    renderer: Renderer,
) -> None:
    renderer.many([person(1)])
    kept = Path(f"/proc/{pid_beside([])}")
    limits = (kept / "limits").read_text()
    for name, value in {
        "Max file size": 0,
        "Max core file size": 0,
        "Max processes": 0,
        "Max open files": OPEN_FILES,
    }.items():
        assert any(
            line.split(name)[1].split()[0] == f"{value}"
            for line in limits.splitlines()
            if name in line
        )
    assert (kept / "environ").read_bytes() == b""
    assert b"customers.example" not in (kept / "cmdline").read_bytes()
    assert (kept / "cwd").resolve() == Path("/")


def test_rows_that_take_too_much_one_after_the_other_end_the_whole() -> None:
    limits = RenderLimits(memory_bytes=64 << 20, cpu_seconds=0.1, losses=1)
    with rendering(TEXT, clock=SystemClock(), limits=limits) as started:
        with pytest.raises(RenderError, match="lost 2 times, last in row 1: rendering needs more"):
            started.many([person(1, deep=MANY), person(2, deep=MANY)])
        with pytest.raises(RenderError, match="last in row 1"):
            started.many([person(3)])


def test_a_renderer_that_hangs_is_given_up() -> None:
    clock, others = HurriedClock(factor=100), renderers()
    limits = RenderLimits(start_seconds=6_000, losses=0)
    with rendering(TEXT, clock=clock, limits=limits) as started:
        os.kill(pid_beside(others), signal.SIGSTOP)
        with pytest.raises(UnavailableError, match=r"lost 1 times, last in rows 1–2: .* 60 s"):  # noqa: RUF001 - a range
            started.many([person(1), person(2)])
        assert renderers() == others


READY = "hear(); say(b'\\x80');"


@pytest.mark.parametrize(
    "script",
    [
        f"{READY} hear(); print('Traceback (most recent call last)', flush=True); hear()",
        f"{READY} say(b'garbage'); hear(); hear()",
        f"{READY} say(b'\\x81\\xa4rows\\x91\\x02'); hear(); hear()",
        f"{READY} [sys.stdout.buffer.write(b'\\0' * 65536) for _ in iter(int, 1)]",
    ],
    ids=["a traceback", "no answer", "another row", "a flood"],
)
def test_what_is_no_answer_is_never_taken_for_one(script: str) -> None:
    limits = RenderLimits(losses=0)
    with (
        rendering(TEXT, clock=SystemClock(), limits=limits, program=saying(script)) as started,
        pytest.raises(UnavailableError, match="row 1: the renderer answered something else"),
    ):
        started.many([person(1)])


@pytest.mark.parametrize(
    ("start", "error", "message"),
    [
        (
            lambda: saying("exit(1)"),
            UnavailableError,
            "made ready: the renderer ended with status 1",
        ),
        (lambda: saying("hear(); exit(77)"), RenderError, "made ready: rendering needs more than"),
        (lambda: saying("say(b'?'); hear(); hear()"), UnavailableError, "something else than"),
    ],
)
def test_a_renderer_that_does_not_start_says_why(
    start: Callable[[], object], error: type[Exception], message: str
) -> None:
    program = start()
    with (
        pytest.raises(error, match=message),
        rendering(TEXT, clock=SystemClock(), program=program),  # type: ignore[arg-type] # a Program
    ):
        pass


def test_a_text_that_is_no_template_is_refused_at_once() -> None:
    others = renderers()
    broken = LetterText(templates={"en": template("en", "{{ secret }}\n")}, values={})
    with (
        pytest.raises(InvalidDocumentError, match=r"en text:[^§]*secret"),
        rendering(broken, clock=SystemClock()),
    ):
        pass
    assert renderers() == others


PARENT = """
from ccir.clock import SystemClock
from ccir.delivery.letter_text import LetterText
from ccir.delivery.render_process import rendering
from support.processes import has_died
from support.rendering import bombing_text, renderers
with rendering(bombing_text(), clock=SystemClock()):
    print(*renderers(), flush=True)
    input()
"""


def test_a_killed_parent_leaves_no_renderer() -> None:
    tests = str(Path(__file__).parents[1])
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        env={"PYTHONPATH": tests},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_renderer(pid)
        parent.kill()
        parent.wait(10)
    assert has_died(pid)
