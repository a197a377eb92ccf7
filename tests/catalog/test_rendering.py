from __future__ import annotations

import pytest

from ccir.catalog.environment import OUTPUT_LIMIT, RenderError
from ccir.catalog.findings import DocumentError
from ccir.catalog.rendering import (
    SKELETONS_LIMIT,
    SMS_LIMIT,
    SUBJECT_LIMIT,
    CompiledTemplate,
    RenderedText,
    compile_template,
    render,
)
from ccir.errors import InvalidDocumentError


def compiled(body: str, *, subject: str = "News for {{ recipient.name }}") -> CompiledTemplate:
    asked = [name for name in ("facts.note",) if f"{name} is defined" in body]
    required = [
        name
        for name in ("recipient.name", "facts.list", "facts.many", "run.id")
        if name in body + subject
    ]
    return compile_template(
        "---\nid: breach\nversion: 1.0.0\naudience: customers\nlanguage: en\nlanguages: [en]\n"
        f'subject: "{subject}"\nrequires: [{", ".join(required)}]\n'
        f"optional: [{', '.join(asked)}]\n---\n{body}",
        "breach.en",
    )


def context(name: str = "Ann", **more: object) -> dict[str, object]:
    return {"recipient": {"name": name}, "facts": {}, "run": {"id": "INC-2026-0001"}, **more}


def test_a_letter_is_written_as_text_and_page() -> None:
    template = compiled("Dear {{ recipient.name }},\n\nsee {{ run.id }}.\n")
    assert render(template, context("Ann & <Bob>")) == RenderedText(
        subject="News for Ann & <Bob>",
        text="Dear Ann & <Bob>,\n\nsee INC-2026-0001.\n",
        html=(
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            "<title>News for Ann &amp; &lt;Bob&gt;</title>\n</head>\n<body>\n"
            "<p>Dear Ann &amp; &lt;Bob&gt;,</p>\n<p>see INC-2026-0001.</p>\n</body>\n</html>\n"
        ),
        language="en",
    )


def test_each_shape_of_a_letter_is_written_right() -> None:
    template = compiled(
        "{% if facts.note is defined %}\n- {{ facts.note }}\n{% else %}\nNothing.\n{% endif %}\n"
    )
    for _ in range(2):
        assert render(template, context(facts={"note": "x"})).text == "- x\n"
        assert render(template, context()).text == "Nothing.\n"


def test_letters_of_very_many_shapes_are_written_too() -> None:
    template = compiled("{% for a in facts.list %}\n- {{ a }}\n{% endfor %}\n")
    for count in (*range(1, SKELETONS_LIMIT + 3), 1):
        text = render(template, context(facts={"list": ["x"] * count})).text
        assert text == "- x\n" * count


def test_a_letter_that_misses_values_names_them_all() -> None:
    template = compiled("{{ recipient.name }} {{ run.id }} {{ facts.list }}")
    with pytest.raises(RenderError) as caught:
        render(template, {"recipient": {}, "facts": "odd", "run": {"id": "x"}})
    assert caught.value.message == "no value for recipient.name, facts.list"
    assert template.missing({}) == ("recipient.name", "facts.list", "run.id")
    assert isinstance(caught.value, InvalidDocumentError)


def test_a_value_that_is_missing_inside_a_list_is_named_as_well_as_can_be() -> None:
    template = compiled("{% for a in facts.list %}{{ a.b }}{% endfor %}{{ recipient.name }}")
    with pytest.raises(RenderError, match="no value for 'b' is undefined"):
        render(template, context(facts={"list": [{}]}))


@pytest.mark.parametrize("name", ["a\nb", "a\rBcc: x", "a\u2028b", "a\x00", "a\u202eb"])
def test_a_subject_stays_one_line(name: str) -> None:
    with pytest.raises(RenderError, match="in the subject holds a line break or a control"):
        render(compiled("Hi"), context(name))


def test_a_subject_has_its_bound() -> None:
    long = "x" * (SUBJECT_LIMIT - len("News for "))
    assert len(render(compiled("Hi"), context(long)).subject) == SUBJECT_LIMIT
    with pytest.raises(RenderError, match="the subject is longer than 400 characters"):
        render(compiled("Hi"), context(long + "x"))


def test_a_letter_has_its_bound() -> None:
    template = compiled("{{ facts.many }}")
    half = OUTPUT_LIMIT // 2
    assert render(template, context(facts={"many": "x" * (half - 20)})).text
    with pytest.raises(RenderError, match="the message would be longer"):
        render(template, context(facts={"many": "x" * half}))
    with pytest.raises(RenderError, match="the message would be longer"):
        render(template, context(facts={"many": "x" * (OUTPUT_LIMIT + 1)}))


def test_a_letter_that_writes_itself_longer_and_longer_is_stopped() -> None:
    template = compiled("{% for a in facts.list %}" + "text " * 200 + "{% endfor %}")
    with pytest.raises(RenderError, match="the message would be longer"):
        render(template, context(facts={"list": list(range(1_000))}))


def test_control_characters_in_values_are_left_out() -> None:
    message = render(compiled("{{ facts.many }}"), context(facts={"many": "a\x1b[2Jb\r\nc\u202ed"}))
    assert message.text == "a[2Jb\ncd\n"
    assert "<p>a[2Jb<br>\ncd</p>" in message.html


def test_a_text_that_is_no_template_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"breach\.en:11:1: error: body"):
        compiled("{{ secret }}")


def short(sms: str, *, requires: str = "recipient.name") -> CompiledTemplate:
    return compile_template(
        "---\nid: breach\nversion: 1.0.0\naudience: customers\nlanguage: en\nlanguages: [en]\n"
        f"subject: News\nsms: {sms}\nrequires: [{requires}]\n---\n"
        + ("Dear {{ recipient.name }}" if "recipient" not in sms else "Hello"),
        "breach.en",
    )


def test_a_short_form_is_written_beside_the_letter_and_is_no_markdown() -> None:
    message = render(short('"*{{ recipient.name }}*: call us"'), context("Ann & _Bob_"))
    assert message.sms == "*Ann & _Bob_*: call us"
    assert message.text == "Hello\n"


def test_a_notice_without_a_short_form_has_none() -> None:
    assert render(compiled("Hi"), context()).sms == ""


def test_line_breaks_and_control_characters_in_a_short_form_are_kept_or_left_out() -> None:
    message = render(short('"- {{ recipient.name }}"'), context("a\r\nb\x1bc"))
    assert message.sms == "- a\nbc"


def test_a_short_form_misses_values_like_the_rest() -> None:
    with pytest.raises(RenderError, match=r"no value for run\.id"):
        render(short('"{{ run.id }}"', requires="run.id, recipient.name"), context(run={}))


def test_a_short_form_has_its_bounds() -> None:
    template = short('"{{ recipient.name }}"')
    assert len(render(template, context("x" * SMS_LIMIT)).sms) == SMS_LIMIT
    with pytest.raises(RenderError, match="the SMS form is longer than 1530 characters"):
        render(template, context("x" * (SMS_LIMIT + 1)))
    with pytest.raises(RenderError, match="the SMS form is empty"):
        render(template, context(" "))
