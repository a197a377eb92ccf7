from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import given as hypothetical
from hypothesis import strategies as st

from ccir.domain.contents import Content, Element, Lack, Prohibited, Required, Written, lacks

CONTENT = Content(
    id="gdpr_33_3",
    version="1.0.0",
    title="Notice to the authority",
    citation="GDPR Art. 33(3)",
    recipient="supervisory_authority",
    elements=(Element(key="nature", required="always", text="nature of the breach"),),
    verified="verified_text",
)
HEADINGS = ("What Happened", "What We Are Doing", "For More Information")
TITLED = msgspec.structs.replace(CONTENT, subject="Notice of Data Breach")
HEADED = msgspec.structs.replace(CONTENT, headings=HEADINGS)
TEXT = Written(carries={"nature": ()}, subject="News", text="Dear you,\n\nsorry.\n")
NUMBER = Prohibited(text="number of residents", fact="residents", jurisdiction="US-MA")
NATURE = Prohibited(text="nature of the breach", elements=("description", "nature"))


def of(required: Required) -> Content:
    element = Element(key="nature", required=required, text="nature of the breach")
    return msgspec.structs.replace(CONTENT, elements=(element,))


def written(
    *,
    carries: Mapping[str, tuple[str, ...]] | None = None,
    known: frozenset[str] = frozenset(),
    subject: str = "News",
    text: str = "Dear you,\n",
) -> Written:
    carried = {"nature": ()} if carries is None else carries
    return Written(carries=carried, known=known, subject=subject, text=text)


def page(*headings: str) -> str:
    return "\n\n".join(f"{heading}\n{'-' * len(heading)}\n\nWords." for heading in headings)


def short(found: tuple[Lack, ...]) -> list[str]:
    return [f"{lack.severity}: {lack.kind}: {lack.element}" for lack in found]


def forbidding(*bans: Prohibited) -> Content:
    return msgspec.structs.replace(CONTENT, prohibited=bans)


# 1 and 2: elements


def test_what_the_templates_own_words_state_needs_no_value() -> None:
    assert lacks(CONTENT, TEXT) == ()


def test_an_element_that_is_always_required_is_missed() -> None:
    assert lacks(CONTENT, written(carries={})) == (
        Lack(
            content="gdpr_33_3",
            citation="GDPR Art. 33(3)",
            element="nature",
            kind="element",
            severity="error",
            message="the text must state: nature of the breach",
        ),
    )


def test_one_of_the_variables_that_carry_an_element_has_a_value() -> None:
    carries = {"nature": ("facts.what_happened", "facts.cause")}
    assert lacks(CONTENT, written(carries=carries, known=frozenset({"facts.cause"}))) == ()
    [lack] = lacks(CONTENT, written(carries=carries, known=frozenset({"facts.other"})))
    assert short((lack,)) == ["error: value: nature"]
    assert lack.message == (
        "the text must state: nature of the breach; no value for facts.what_happened, facts.cause"
    )


@pytest.mark.parametrize(
    ("required", "condition"), [("if_known", "if it is known"), ("if_applicable", "if it applies")]
)
def test_what_depends_has_its_place_and_may_be_without_value(
    required: Required, condition: str
) -> None:
    assert lacks(of(required), written(carries={"nature": ("facts.what_happened",)})) == ()
    [lack] = lacks(of(required), written(carries={}))
    assert short((lack,)) == ["warning: element: nature"]
    assert condition in lack.message


def test_what_is_optional_is_never_missed() -> None:
    assert lacks(of("optional"), written(carries={})) == ()


# 3: headings


def test_the_prescribed_headings_may_have_others_between_them() -> None:
    text = page("Notice", "WHAT  HAPPENED ", "Aside", *HEADINGS[1:], "Annex")
    assert lacks(HEADED, written(text=text)) == ()


def test_a_line_of_the_text_is_no_heading() -> None:
    text = "\n".join(HEADINGS) + "\n\n" + page("Notice") + "\n\n-----\n"
    assert short(lacks(HEADED, written(text=text))) == [
        "error: heading: What Happened",
        "error: heading: What We Are Doing",
        "error: heading: For More Information",
    ]


def test_a_heading_in_the_wrong_place_is_told_from_one_that_is_missing() -> None:
    text = page("For More Information", "What Happened")
    assert [lack.message for lack in lacks(HEADED, written(text=text))] == [
        "the prescribed heading 'What We Are Doing' is missing",
        "the prescribed heading 'For More Information' stands in the wrong place",
    ]


@hypothetical(st.permutations(HEADINGS))
def test_only_the_prescribed_order_will_do(order: list[str]) -> None:
    found = lacks(HEADED, written(text=page(*order)))
    assert (found == ()) is (tuple(order) == HEADINGS)


@hypothetical(st.sets(st.sampled_from(HEADINGS)))
def test_every_heading_that_is_left_out_is_missed_once(left_out: set[str]) -> None:
    text = page(*(heading for heading in HEADINGS if heading not in left_out))
    assert {lack.element for lack in lacks(HEADED, written(text=text))} == left_out


# 4: title


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("NOTICE OF DATA BREACH: Example Ltd", "Dear you,\n"),
        ("News", page("Notice of  data breach", "What Happened")),
    ],
)
def test_the_prescribed_title_is_the_subject_or_the_first_heading(subject: str, text: str) -> None:
    assert lacks(TITLED, written(subject=subject, text=text)) == ()


@pytest.mark.parametrize(
    "text", ["Notice of Data Breach\n\nDear you,\n", page("News", "Notice of Data Breach"), ""]
)
def test_the_prescribed_title_elsewhere_is_not_enough(text: str) -> None:
    found = lacks(TITLED, written(text=text))
    assert short(found) == ["error: subject: Notice of Data Breach"]


# 5: prohibitions


def test_a_prohibited_element_is_not_carried_for_another_list_either() -> None:
    elsewhere = msgspec.structs.replace(TEXT, carries_elsewhere=frozenset({"description"}))
    [lack] = lacks(forbidding(NATURE), elsewhere)
    assert short((lack,)) == ["error: prohibited: nature of the breach"]
    assert lack.message == (
        "the text must not state: nature of the breach; the template carries description, nature"
    )


def test_a_prohibited_number_stands_neither_in_the_text_nor_in_the_subject() -> None:
    counted = msgspec.structs.replace(TEXT, counts={"residents": 4100})
    assert lacks(forbidding(NUMBER), counted) == ()
    for part in ({"text": "All 4,100 of you"}, {"subject": "News for 4 100 people"}):
        [lack] = lacks(forbidding(NUMBER), msgspec.structs.replace(counted, **part))
        assert lack.message == (
            "the text must not state in US-MA: number of residents; it holds the number 4100"
        )


def test_a_number_that_nobody_counted_is_not_looked_for() -> None:
    other = msgspec.structs.replace(TEXT, counts={"other": 5}, text="All 5 of you")
    assert lacks(forbidding(NUMBER), other) == ()


@pytest.mark.parametrize(
    ("readers", "is_said"), [(set(), True), ({"US-MA", "US-IL"}, True), ({"US-IL"}, False)]
)
def test_a_places_prohibition_is_no_matter_where_no_reader_lives(
    readers: set[str], *, is_said: bool
) -> None:
    text = msgspec.structs.replace(
        TEXT, counts={"residents": 7}, text="All 7 of you", jurisdictions=frozenset(readers)
    )
    assert bool(lacks(forbidding(NUMBER), text)) is is_said
    everywhere = msgspec.structs.replace(NUMBER, jurisdiction=None)
    assert lacks(forbidding(everywhere), text)


def test_a_prohibited_number_is_that_of_the_laws_own_place_where_it_is_counted() -> None:
    counts = {"residents": 5000, "residents:US-MA": 731, "residents:US-CA": 4100}
    found = {
        number: bool(
            lacks(
                forbidding(NUMBER),
                msgspec.structs.replace(TEXT, counts=counts, text=f"All {number} of you"),
            )
        )
        for number in counts.values()
    }
    assert found == {5000: False, 731: True, 4100: False}


def test_while_only_the_country_is_known_the_prohibitions_of_its_parts_hold() -> None:
    known = {"counts": {"residents": 7}, "text": "All 7 of you"}
    for place, is_said in (("US", True), ("CA", False)):
        text = msgspec.structs.replace(TEXT, jurisdictions=frozenset({place}), **known)
        assert bool(lacks(forbidding(NUMBER), text)) is is_said


# all of it


@hypothetical(st.text(), st.text(), st.integers(0))
def test_any_text_is_judged(subject: str, text: str, count: int) -> None:
    strict = msgspec.structs.replace(HEADED, subject="Notice", prohibited=(NUMBER, NATURE))
    words = Written(carries={}, subject=subject, text=text, counts={"residents": count})
    assert all(lack.severity == "error" for lack in lacks(strict, words))
