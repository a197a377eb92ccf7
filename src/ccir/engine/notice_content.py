"""Checks a notice's text against what the rules that it satisfies require it to say.

A law that prescribes headings or a title prescribes them in English: texts in other languages
are not asked for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from ccir.catalog.contents import load_contents
from ccir.catalog.rendering import RenderedText
from ccir.catalog.templates import parse_template
from ccir.domain.contents import Content, Lack, Written, lacks
from ccir.domain.duty_facts import OWN_ACT, Facts
from ccir.domain.obligations import Cap
from ccir.domain.playbook import Notice
from ccir.domain.run import Run
from ccir.engine.notice_texts import NoticeText, Values
from ccir.engine.run_clocks import RunClocks
from ccir.engine.workspace import Workspace

_PRESCRIBED_IN = "en"
_FREE = "recipient."


class ContentLack(msgspec.Struct, frozen=True, kw_only=True):
    """What one language's text lacks, and the rule that requires it."""

    rule: str
    language: str
    lack: Lack


class ContentCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What the notice's rules that may apply require: which were compared, and what is missing.

    `first` names duties to tell somebody else no later than the people concerned, which are
    not met yet.
    """

    rules: tuple[str, ...] = ()
    lacks: tuple[ContentLack, ...] = ()
    first: tuple[str, ...] = ()


def checked_content(
    workspace: Workspace,
    run: Run,
    *,
    notice: Notice,
    text: NoticeText,
    samples: Mapping[str, RenderedText],
) -> ContentCheck:
    """Return what the texts lack of what the notice's rules require, errors first.

    Rules that do not apply in this run are left out. `samples` is one message in each language.
    """
    if not notice.obligations:
        return ContentCheck()
    clocks = RunClocks(workspace, run)
    asked = dict(_asked(clocks, notice, load_contents(workspace.sources)))
    found = [
        ContentLack(rule=rule, language=language, lack=lack)
        for language, sample in samples.items()
        for rule, content in asked.items()
        for lack in lacks(
            _in_language(content, language),
            _written(content, text, language, sample=sample, facts=clocks.timepiece.facts),
        )
    ]
    return ContentCheck(
        rules=tuple(asked),
        lacks=tuple(sorted(found, key=lambda each: each.lack.severity)),
        first=_first(clocks, notice),
    )


def _first(clocks: RunClocks, notice: Notice) -> tuple[str, ...]:
    own = [clocks.entry(rule).duty for rule in notice.obligations if clocks.has(rule)]
    places = {duty.jurisdiction for duty in own if duty.rule.recipient == "data_subjects"}
    return tuple(
        each.clock.duty.rule.id
        for each in clocks.all(None)
        if each.clock.duty.jurisdiction in places
        and each.clock.state in {"open", "undetermined"}
        and any(_is_not_after(cap) for cap in each.clock.duty.rule.caps)
    )


def _is_not_after(cap: Cap) -> bool:
    return cap.start == OWN_ACT and cap.amount == 0


def _asked(
    clocks: RunClocks, notice: Notice, contents: Mapping[str, Content]
) -> Iterator[tuple[str, Content]]:
    """Yield each content once, with the first of the notice's rules that requires it."""
    seen: set[str] = set()
    for name in notice.obligations:
        if not clocks.has(name):
            continue
        rule = clocks.entry(name).duty.rule
        content = contents.get(rule.content_ref or "")
        if content is None or content.id in seen:
            continue
        if clocks.one(name, None).clock.state != "not-applicable":
            seen.add(content.id)
            yield name, content


def _in_language(content: Content, language: str) -> Content:
    if language.partition("-")[0] == _PRESCRIBED_IN:
        return content
    return msgspec.structs.replace(content, headings=(), subject=None)


def _written(
    content: Content, text: NoticeText, language: str, *, sample: RenderedText, facts: Facts
) -> Written:
    template = parse_template(text.templates[language].encode(), f"{language} text")
    others = (keys for name, keys in template.carries.items() if name != content.id)
    named = (*template.requires, *template.optional)
    columns = {variable for variable in named if variable.startswith(_FREE)}
    return Written(
        carries=template.carries.get(content.id, {}),
        carries_elsewhere=frozenset(key for keys in others for key in keys),
        known=frozenset({*_valued(text.values), *columns}),
        subject=sample.subject,
        text=sample.text,
        counts=_counts(facts),
        jurisdictions=frozenset(place.upper() for place in facts.words("jurisdictions") or ()),
    )


def _valued(values: Values) -> Iterator[str]:
    for part, named in values.items():
        yield from (f"{part}.{name}" for name, value in named.items() if value not in ("", []))


def _counts(facts: Facts) -> dict[str, int]:
    """Return every number by fact, also by one that is narrowed to a place."""
    return {
        name: value
        for name, value in facts.values.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }
