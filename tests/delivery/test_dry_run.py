from __future__ import annotations

from collections.abc import Iterator

import pytest

from ccir.clock import SystemClock
from ccir.delivery.dry_run import FAULTS_KEPT, DryRun
from ccir.delivery.letter_text import Letters
from ccir.delivery.render_frames import RenderLimits
from ccir.delivery.render_process import Renderer, rendering
from support.rendering import bombing_text, person

LIMITS = RenderLimits(memory_bytes=64 << 20, batch_rows=8, losses=100)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with rendering(bombing_text(), clock=SystemClock(), limits=LIMITS) as started:
        yield started


def test_a_good_list_goes_through_whole_with_a_sample_of_each_language(renderer: Renderer) -> None:
    people = [person(row, language="de" if row % 10 == 5 else "en") for row in range(1, 41)]
    dry = DryRun(renderer)
    assert [*dry.through(people)] == people
    assert (dry.written, dry.faulty, dry.faults) == ({"en": 36, "de": 4}, 0, [])
    letters = Letters(bombing_text())
    assert dry.samples["en"] == letters.render(people[0])
    assert dry.samples["de"] == letters.render(people[4])


def test_every_bad_row_is_counted_and_the_first_ones_are_named(renderer: Renderer) -> None:
    people = [person(row, language="fr" if row % 2 else "de") for row in range(1, 41)]
    dry = DryRun(renderer)
    assert [*dry.through(people)] == people
    assert (dry.written, dry.faulty) == ({"de": 20}, 20)
    assert [fault.row for fault in dry.faults] == [*range(1, 2 * FAULTS_KEPT, 2)]


def test_a_row_that_takes_too_much_memory_is_one_of_them(renderer: Renderer) -> None:
    people = [person(row, **({"wide": "x" * 30_000} if row == 7 else {})) for row in range(1, 21)]
    dry = DryRun(renderer)
    assert [*dry.through(people)] == people
    assert (dry.written, dry.faulty) == ({"en": 19}, 1)
    assert dry.faults[0].row == 7
    assert dry.samples.keys() == {"en"}
