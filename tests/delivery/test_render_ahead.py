from __future__ import annotations

from collections.abc import Iterator

import pytest

from ccir.catalog.environment import RenderError
from ccir.clock import SystemClock
from ccir.delivery.letter_text import Letters
from ccir.delivery.render_ahead import RenderAhead
from ccir.delivery.render_frames import RenderLimits
from ccir.delivery.render_process import Renderer, rendering
from ccir.domain.notices import Recipient
from support.rendering import bombing_text, person

PEOPLE = [person(row, language="fr" if row == 1_234 else "en") for row in range(1_200, 1_300)]


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    limits = RenderLimits(batch_rows=8)
    with rendering(bombing_text(), clock=SystemClock(), limits=limits) as started:
        yield started


def unexpected() -> Recipient:
    raise AssertionError("she was expected")


def asked_for(renderer: Renderer, people: list[Recipient]) -> None:
    ahead, letters = RenderAhead(renderer, PEOPLE), Letters(bombing_text())
    for recipient in people:
        found = ahead.message(recipient.row, lambda: recipient)  # noqa: B023 - called at once
        assert found == (recipient, letters.render(recipient))


def test_each_in_turn_gets_her_message(renderer: Renderer) -> None:
    asked_for(renderer, PEOPLE[:30])
    asked_for(renderer, [])


def test_some_may_be_passed_over_asked_for_twice_or_never_expected(renderer: Renderer) -> None:
    asked_for(renderer, [PEOPLE[3], PEOPLE[60], PEOPLE[3], PEOPLE[61], PEOPLE[99], PEOPLE[99]])
    asked_for(renderer, [person(5_000), PEOPLE[1]])


def test_a_row_that_cannot_be_written_is_named_when_it_is_asked_for(renderer: Renderer) -> None:
    ahead = RenderAhead(renderer, PEOPLE)
    ahead.message(1_233, unexpected)
    with pytest.raises(RenderError, match=r"^row 1,234: the notice has no text in 'fr'"):
        ahead.message(1_234, unexpected)
    _, message = ahead.message(1_235, unexpected)
    assert message.subject == "News for Person 1235"
