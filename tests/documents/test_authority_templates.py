"""What a template says it carries is all that must be told, and its letters do tell it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
import pytest
import yaml

from ccir.catalog.rendering import CompiledTemplate, RenderedText, render
from documents.shipped import TEMPLATES as SHIPPED
from documents.shipped import Shipped

CARRIED = {
    "acquirer/card-brand-report": {"visa_report"},
    "acquirer/initial-report": {"visa_report"},
    "authority/dora-final-report": {"dora_final"},
    "authority/dora-initial-report": {"dora_initial"},
    "authority/dora-intermediate-report": {"dora_intermediate"},
    "authority/ftc-safeguards-report": {"ftc_314_j"},
    "authority/initial-report": {"gdpr_33_3"},
    "authority/nis2-early-warning": {"nis2_early_warning"},
    "authority/nis2-final-report": {"nis2_final"},
    "authority/nis2-notification": {"nis2_notification"},
    "authority/nydfs-ransom-payment": {"nydfs_payment"},
    "authority/us-hhs-report": {"hipaa_404_c"},
    "authority/us-state-attorney-general": {"fl_dla", "tx_ag", "wa_ag"},
    "customers/breach-notice": {
        "ca_1798_82_d",
        "gdpr_34_2",
        "hipaa_404_c",
        "ny_899aa_7",
        "us_state_common",
        "wa_19_255",
    },
    "customers/controller-notice": {"gdpr_33_2_processor", "hipaa_410"},
    "customers/massachusetts-notice": {"ma_93h"},
}
ENGLISH_ONLY = {
    "authority/ftc-safeguards-report",
    "authority/nydfs-ransom-payment",
    "authority/us-hhs-report",
    "authority/us-state-attorney-general",
    "customers/massachusetts-notice",
}
STATED_ANYWAY = {
    ("acquirer/initial-report", "environment"),
    ("authority/initial-report", "likely_consequences"),
    ("customers/breach-notice", "likely_consequences"),
}
"""Elements that a sentence of the template's own states while their facts are unknown."""

OWNERS = ("facts", "notice", "organisation", "recipient", "run")
SWITCH = "recipient.us_state"
"""What no letter says, but what the paragraph for the United States hangs on."""


class Element(msgspec.Struct, frozen=True):
    key: str
    required: str
    text: str


class Prohibited(msgspec.Struct, frozen=True):
    text: str
    elements: tuple[str, ...] = ()
    fact: str = ""


class Content(msgspec.Struct, frozen=True):
    id: str
    elements: tuple[Element, ...]
    prohibited: tuple[Prohibited, ...] = ()
    subject: str = ""
    headings: tuple[str, ...] = ()

    @property
    def always(self) -> set[str]:
        return {element.key for element in self.elements if element.required == "always"}


CONTENTS = Shipped(
    "playbooks/contents", lambda source: msgspec.convert(yaml.safe_load(source.read()), Content)
)
TEMPLATES = SHIPPED.only([name for name in SHIPPED if name.rpartition(".")[0] in CARRIED])
NAMES = [*TEMPLATES]
CASES = [
    pytest.param(name, content, id=f"{name}-{content}")
    for name in NAMES
    for content in sorted(CARRIED[name.rpartition(".")[0]])
]


def name_of(name: str) -> str:
    return name.rpartition(".")[0]


def letter(template: CompiledTemplate, more: Iterable[str] = (), **facts: object) -> RenderedText:
    """Return the template's letter with what it requires, with `more`, and with these facts."""
    values: dict[str, dict[str, object]] = {owner: {} for owner in OWNERS}
    for path in (*template.text.requires, *more):
        owner, _, part = path.partition(".")
        values[owner][part] = f"«{path}»"
    values["facts"] |= facts
    return render(template, values)


def carried(name: str, content: str) -> dict[str, tuple[str, ...]]:
    return TEMPLATES[name].text.carries[content]


def unmet(variables: Collection[str], required: Collection[str]) -> bool:
    """Return whether an element hangs on variables that may all be unknown."""
    return bool(variables) and SWITCH not in variables and not {*variables} & {*required}


def test_each_template_carries_the_contents_it_is_written_for() -> None:
    found = {name_of(name): {*template.text.carries} for name, template in TEMPLATES.items()}
    assert found == CARRIED


def test_each_template_is_there_in_its_languages() -> None:
    languages = {name: {"en"} if name in ENGLISH_ONLY else {"en", "de"} for name in CARRIED}
    found: dict[str, set[str]] = {}
    for name, template in TEMPLATES.items():
        found.setdefault(name_of(name), set()).add(template.text.language)
        assert {*template.text.languages} == languages[name_of(name)]
    assert found == languages


@pytest.mark.parametrize("name", NAMES)
def test_all_languages_of_a_template_carry_the_same(name: str) -> None:
    assert TEMPLATES[name].text.carries == TEMPLATES[f"{name_of(name)}.en"].text.carries


@pytest.mark.parametrize(("name", "content"), CASES)
def test_every_element_that_must_always_stand_is_carried(name: str, content: str) -> None:
    assert CONTENTS[content].always - carried(name, content).keys() == set()


@pytest.mark.parametrize(("name", "content"), CASES)
def test_only_elements_of_the_content_are_carried(name: str, content: str) -> None:
    known = {element.key for element in CONTENTS[content].elements}
    assert carried(name, content).keys() - known == set()


@pytest.mark.parametrize(("name", "content"), CASES)
def test_a_carrying_variable_is_one_that_the_template_lists(name: str, content: str) -> None:
    text = TEMPLATES[name].text
    used = {path for paths in carried(name, content).values() for path in paths}
    assert used - {*text.requires, *text.optional} == set()


@pytest.mark.parametrize(("name", "content"), CASES)
def test_an_element_that_must_always_stand_never_hangs_on_what_may_be_unknown(
    name: str, content: str
) -> None:
    required = TEMPLATES[name].text.requires
    hanging = {
        (name_of(name), key)
        for key in CONTENTS[content].always
        if unmet(carried(name, content)[key], required)
    }
    assert hanging <= STATED_ANYWAY


@pytest.mark.parametrize("name", NAMES)
def test_the_letter_with_no_more_than_required_says_every_required_value(name: str) -> None:
    message = letter(TEMPLATES[name])
    said = message.subject + message.text
    assert [path for path in TEMPLATES[name].text.requires if f"«{path}»" not in said] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_carrying_variable_is_said_as_soon_as_it_is_known(name: str) -> None:
    template = TEMPLATES[name]
    paths = {
        path
        for elements in template.text.carries.values()
        for variables in elements.values()
        for path in variables
    }
    silent = {path for path in paths if f"«{path}»" not in letter(template, [path]).text}
    assert silent <= {SWITCH}


@pytest.mark.parametrize("name", ["customers/breach-notice.en", "customers/breach-notice.de"])
def test_people_in_the_united_states_get_the_agencies(name: str) -> None:
    agencies = ("Equifax", "Experian", "TransUnion", "Federal Trade Commission", "New York")
    abroad, home = letter(TEMPLATES[name]).text, letter(TEMPLATES[name], [SWITCH]).text
    assert [agency for agency in agencies if agency not in home or agency in abroad] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("authority/")])
def test_a_report_to_an_authority_ends_with_contact_and_reference(name: str) -> None:
    last = TEMPLATES[name].text.body.rpartition("\n## ")[2]
    wanted = ("organisation.email", "organisation.hotline", "run.id")
    assert [path for path in wanted if f"{{{{ {path} }}}}" not in last] == []


@pytest.mark.parametrize(("name", "content"), CASES)
def test_what_a_content_prohibits_is_not_carried(name: str, content: str) -> None:
    text = TEMPLATES[name].text
    listed = {*text.requires, *text.optional}
    for prohibited in CONTENTS[content].prohibited:
        assert not carried(name, content).keys() & {*prohibited.elements}
        assert f"facts.{prohibited.fact}" not in listed


def test_the_notice_for_massachusetts_knows_nothing_of_the_incident() -> None:
    text = TEMPLATES["customers/massachusetts-notice.en"].text
    facts = {path for path in (*text.requires, *text.optional) if path.startswith("facts.")}
    assert facts == {"facts.parent_undertaking", "facts.protection_offer"}


def test_the_english_breach_notice_has_the_californian_title_and_headings() -> None:
    content, template = CONTENTS["ca_1798_82_d"], TEMPLATES["customers/breach-notice.en"]
    headings = [
        line.lstrip("# ") for line in template.text.body.splitlines() if line.startswith("#")
    ]
    assert headings == [content.subject, *content.headings]
    assert template.text.subject.startswith(content.subject)


@pytest.mark.parametrize(("language", "yes", "no"), [("en", "yes", "no"), ("de", "ja", "nein")])
def test_yes_and_no_are_said_in_the_letters_language(language: str, yes: str, no: str) -> None:
    template = TEMPLATES[f"acquirer/initial-report.{language}"]
    for answer, word in ((True, yes), (False, no)):
        assert f": {word}\n" in letter(template, capture_continues=answer).text
