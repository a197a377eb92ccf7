from __future__ import annotations

import msgspec
import pytest

from ccir.catalog.rendering import RenderedText
from ccir.delivery.render_frames import Answer, Batch, Opening, RenderFault, RenderLimits
from support.rendering import bombing_text, person

MESSAGE = RenderedText(subject="s", text="t", html="h", language="en")
FAULT = RenderFault(row=2, message="m", hint="h")
WHOLE = Answer(rows=[1, 2], messages=[MESSAGE, None], faults=[FAULT])
DRY = Answer(rows=[1, 2], faults=[FAULT], written={"en": 1}, samples={"en": MESSAGE})


def batch(*, is_dry: bool) -> Batch:
    return Batch(recipients=[person(1), person(2)], is_dry=is_dry)


def test_an_answer_to_just_the_batch_fits() -> None:
    assert WHOLE.fits(batch(is_dry=False))
    assert DRY.fits(batch(is_dry=True))


@pytest.mark.parametrize(
    "answer",
    [
        msgspec.structs.replace(WHOLE, rows=[2, 1]),
        msgspec.structs.replace(WHOLE, rows=[1]),
        msgspec.structs.replace(WHOLE, messages=[MESSAGE]),
        msgspec.structs.replace(WHOLE, messages=[None, MESSAGE]),
        msgspec.structs.replace(WHOLE, faults=[]),
        msgspec.structs.replace(WHOLE, faults=[msgspec.structs.replace(FAULT, row=3)]),
        DRY,
    ],
)
def test_an_answer_to_something_else_does_not_fit(answer: Answer) -> None:
    assert not answer.fits(batch(is_dry=False))


@pytest.mark.parametrize("written", [{}, {"en": 2}])
def test_a_dry_answer_accounts_for_every_row(written: dict[str, int]) -> None:
    assert not msgspec.structs.replace(DRY, written=written).fits(batch(is_dry=True))


def test_a_text_comes_over_with_every_kind_of_value() -> None:
    opening = Opening(text=bombing_text(), limits=RenderLimits())
    over = msgspec.msgpack.decode(msgspec.msgpack.encode(opening), type=Opening)
    assert over == opening
