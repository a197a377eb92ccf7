"""No rendered message holds what belongs to another recipient.

Every value of every recipient carries a canary that is found nowhere else, dressed as what could
lead a renderer astray: Jinja2, Markdown, HTML, format fields, characters that stand for slots.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccir.catalog.environment import RenderError
from ccir.catalog.rendering import RenderedText
from ccir.clock import SystemClock
from ccir.delivery.dry_run import DryRun
from ccir.delivery.letter_text import Letters, LetterText
from ccir.delivery.render_ahead import RenderAhead
from ccir.delivery.render_frames import RenderFault, RenderLimits
from ccir.delivery.render_process import Renderer, Written, rendering
from ccir.domain.notices import Recipient
from support.rendering import template

CANARY = re.compile(r"Q(\d+)([a-z]+)Z")
DRESSES = (
    "{}",
    "{{{{ recipient.name }}}} {} {{% for a in recipient %}}",
    "**{}** _{}_ `{}`",
    "# {}\n- {}\n1. {}",
    "[{}](https://example.org/{})",
    "<b title='{}'>{}</b>&amp;&lt;",
    "\U000f0000{}\U000f0001\U000f0fff",
    "\U00100000{}\U00100001",
    "%s %({})s {{0}} {{{}}} \\1 \\g<0>",
    "{}\r\nBcc: {}",
    "\x00{}\x1b[2J\u202e",
    "{}</title></body>",
)
COLUMNS = ("plan", "note", "items", "keys", "values")
BODY = """\
## For {{ recipient.name | upper }}

{{ recipient.plan }} and **{{ recipient.plan }}**, at {{ recipient.email }}.

{% if recipient.note is defined %}
- {{ recipient.note }}
- {{ recipient.note | trim | title }}
{% else %}
Nothing was noted ({{ facts.reason }}).
{% endif %}
{% if recipient.items is defined %}
{{ recipient.items ~ recipient.name }}
{% for letter in recipient.items %}{{ letter }}{% endfor %}
{% endif %}

{{ recipient.keys | default('none') }} {{ recipient.values | default(recipient.plan) }}
"""
OPTIONAL = "recipient.note, recipient.items, recipient.keys, recipient.values"
LANGUAGES = ("en", "de", "fr-CA")


def text() -> LetterText:
    templates = {
        language: template(language, f"({language}) {BODY}", optional=OPTIONAL)
        .replace("languages: [en, de]", "languages: [en, de, fr-CA]")
        .replace("requires: [", "requires: [recipient.plan, recipient.email, facts.reason, ")
        for language in LANGUAGES
    }
    return LetterText(templates=templates, values={"facts": {"reason": "nobody's"}})


def dressed(row: int, field: str, dress: str) -> str:
    canary = f"Q{row}{field}Z"
    return dress.format(*[canary] * dress.count("{}")) if "{}" in dress else canary


def recipients_of(draws: Iterable[tuple[str, str, dict[str, str]]]) -> list[Recipient]:
    """Return recipients of whom each value holds her canaries; some cannot be written to."""
    return [
        Recipient(
            row=row,
            address=f"Q{row}addressZ@customers.example",
            name=dressed(row, "name", name),
            language=language,
            columns={field: dressed(row, field, dress) for field, dress in columns.items()},
        )
        for row, (language, name, columns) in enumerate(draws, start=1)
    ]


DRESS = st.sampled_from(DRESSES)
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from((*LANGUAGES, "en", "es")),
        DRESS,
        st.fixed_dictionaries({"plan": DRESS}, optional=dict.fromkeys(COLUMNS[1:], DRESS)),
    ),
    min_size=2,
    max_size=12,
).map(recipients_of)


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with rendering(text(), clock=SystemClock(), limits=RenderLimits(batch_rows=3)) as started:
        yield started


def strings(value: object) -> Iterator[str]:
    """Yield every text within a message, whatever fields it has or will have."""
    match value:
        case str():
            yield value
        case dict():
            for part in (*value, *value.values()):
                yield from strings(part)
        case list() | tuple():
            for part in value:
                yield from strings(part)
        case _:
            return


def owners(value: object) -> set[int]:
    # Filters change the case of values, and with it that of the canaries.
    found = "\n".join(strings(msgspec.to_builtins(value)))
    return {int(row) for row, _ in re.findall(CANARY.pattern, found, re.IGNORECASE)}


def assert_own(recipient: Recipient, written: Written) -> None:
    if isinstance(written, RenderedText):
        assert owners(written) == {recipient.row}
        assert f"Q{recipient.row}planZ" in written.text
        assert f"Q{recipient.row}planZ" in written.html
        assert f"Q{recipient.row}nameZ" in written.subject
        assert written.language == recipient.language
    else:
        assert owners(written) == set()  # a fault is shown and kept: it holds nobody's values
        assert written.row == recipient.row


@pytest.fixture(scope="module")
def letters() -> Letters:
    return Letters(text())


def written_by(letters: Letters, recipient: Recipient) -> Written:
    try:
        return letters.render(recipient)
    except RenderError as error:
        return RenderFault(row=recipient.row, message=error.message, hint=error.hint)


@given(PEOPLE)
def test_a_message_holds_its_own_recipients_values_only(
    letters: Letters, people: list[Recipient]
) -> None:
    for recipient in (*people, *reversed(people)):
        assert_own(recipient, written_by(letters, recipient))


@settings(max_examples=50)
@given(PEOPLE, st.randoms(use_true_random=False))
def test_so_it_is_across_batches_orders_languages_and_faults(
    renderer: Renderer, people: list[Recipient], order: random.Random
) -> None:
    order.shuffle(people)
    streams = [renderer.stream(people), renderer.stream([*reversed(people)])]
    for pair in zip(*streams, strict=True):
        for recipient, written in pair:
            assert_own(recipient, written)
    dry = DryRun(renderer)
    assert [*dry.through(people)] == people
    for sample in dry.samples.values():
        assert len(owners(sample)) == 1
    assert owners(dry.faults) == set()


def test_so_it_is_for_a_long_list_in_and_out_of_turn(renderer: Renderer) -> None:
    seed = random.Random(20260301)  # noqa: S311 - the same list each time
    columns = [{field: seed.choice(DRESSES) for field in COLUMNS} for _ in range(600)]
    people = recipients_of((seed.choice(LANGUAGES), "{} & <Co>", own) for own in columns)
    ahead = RenderAhead(renderer, people)
    by_row = {person.row: person for person in people}
    for row in by_row:
        assert_own(*ahead.message(row, lambda: people[0]))
        if row % 50 == 0:
            other = seed.choice(people)
            found = ahead.message(other.row, lambda: by_row[other.row])  # noqa: B023 - called at once
            assert found[0] == other
            assert_own(*found)


def test_canaries_are_found_wherever_they_are() -> None:
    message = RenderedText(subject="q7nameZ", text="", html="<b>Q8PLANz</b>", language="en")
    assert owners(message) == {7, 8}
    assert owners([{"Q1noteZ": ("Q2noteZ",)}]) == {1, 2}
