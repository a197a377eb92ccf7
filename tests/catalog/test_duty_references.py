from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from ccir.catalog.findings import Finding
from ccir.domain.obligations import FollowUp, Obligations
from support.documents import LIBRARY, linted, notice, playbook, step
from support.duties import ruled

BOOK = Obligations(
    id="eu",
    version="1.0.0",
    jurisdiction="EU",
    title="The Union",
    rules=(
        ruled(id="EU-GDPR-33-SA"),
        ruled(
            id="EU-NIS2-23-IN",
            sector="critical",
            follow_up=(FollowUp(stage="final", amount=1, unit="months", start="initial_notice"),),
        ),
        ruled(id="EU-DORA-19", sector="finance"),
    ),
)
WITH_RULES = replace(LIBRARY, books=lambda: (BOOK,))
WITH_BROKEN_RULES = replace(LIBRARY, books=lambda: None)
PLAIN = step("isolate")
TELL = step("tell", "notify", arguments="{notice: breach}")


def found(folder: Path, text: str) -> list[Finding]:
    return linted(folder, text, library=WITH_RULES)


def before(rule: str, within: str = "24h") -> str:
    return f'{{within: {within}, before: "clock:{rule}"}}'


def with_sectors(text: str, sectors: str) -> str:
    return text.replace("version:", f"sectors: {sectors}\nversion:", 1)


BROKEN = {
    "a step before a clock that is not there": (
        playbook(step("a", due=before("EU-GDPR-33-SB"))),
        "steps[0].due.before",
        "there is no rule 'EU-GDPR-33-SB' (did you mean 'EU-GDPR-33-SA'?)",
    ),
    "a step before a report that follows on nothing": (
        playbook(step("a", due=before("EU-NIS2-23-IN.2"))),
        "steps[0].due.before",
        "there is no rule 'EU-NIS2-23-IN.2' (did you mean 'EU-NIS2-23-IN.1'?)",
    ),
    "a wait until before a clock that is not there": (
        playbook(step("a", "wait", arguments=f"{{until: {before('ZZ')}}}")),
        "steps[0].with.until.before",
        (
            "there is no rule 'ZZ' (known: EU-DORA-19, EU-GDPR-33-SA, EU-NIS2-23-IN, "
            "EU-NIS2-23-IN.1)"
        ),
    ),
    "a notice before a clock that is not there": (
        playbook(TELL, notices=[notice("breach", due=before("EU-GDPR-33"))]),
        "notices[0].due.before",
        "there is no rule 'EU-GDPR-33' (did you mean 'EU-GDPR-33-SA'?)",
    ),
    "an obligation that is not there": (
        playbook(TELL, notices=[notice("breach", obligations="[EU-DORA-19, EU-DORA-91]")]),
        "notices[0].obligations[1]",
        "there is no rule 'EU-DORA-91' (did you mean 'EU-DORA-19'?)",
    ),
    "a sector that no rule is for": (
        with_sectors(playbook(PLAIN), "[critical, finanse]"),
        "sectors[1]",
        "there is no sector 'finanse' (did you mean 'finance'?)",
    ),
    "a step so many business days before a clock": (
        playbook(step("a", due=before("EU-GDPR-33-SA", "2bd"))),
        "steps[0].due.within",
        "business days are not counted back from a clock (write days or hours)",
    ),
    "a wait until so many business days before a clock": (
        playbook(step("a", "wait", arguments=f"{{until: {before('EU-GDPR-33-SA', '1bd')}}}")),
        "steps[0].with.until.within",
        "business days are not counted back from a clock (write days or hours)",
    ),
    "a notice so many business days before a clock": (
        playbook(TELL, notices=[notice("breach", due=before("EU-GDPR-33-SA", "1bd"))]),
        "notices[0].due.within",
        "business days are not counted back from a clock (write days or hours)",
    ),
    "a due time after a fact and before a clock": (
        playbook(
            step("a", due='{within: 1h, after: "fact:awareness", before: "clock:EU-GDPR-33-SA"}')
        ),
        "steps[0].due.after",
        "a due time lies after something or before a clock, not both (take one of them out)",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_playbook_is_refused_for(case: str, tmp_path: Path) -> None:
    text, path, message = BROKEN[case]
    [finding] = found(tmp_path, text)
    assert (finding.path, f"{finding.message} ({finding.hint})") == (path, message)
    assert finding.severity == "error"


def test_rules_what_follows_on_them_and_their_sectors_may_be_named(tmp_path: Path) -> None:
    text = playbook(
        step("a", due=before("EU-GDPR-33-SA", "1d")),
        step("b", due=before("EU-NIS2-23-IN.1", "P1M")),
        step("c", due="{within: 2bd}"),
        step("d", "wait", arguments=f"{{until: {before('EU-DORA-19', '30m')}}}"),
        TELL,
        notices=[
            notice(
                "breach",
                due=before("EU-GDPR-33-SA", "1w"),
                obligations="[EU-GDPR-33-SA, EU-NIS2-23-IN.1]",
            )
        ],
    )
    assert found(tmp_path, with_sectors(text, "[general, finance]")) == []


def test_names_of_the_wrong_form_are_complained_about_once(tmp_path: Path) -> None:
    text = playbook(
        step("a", due='{within: 1h, before: "clock:eu"}'),
        TELL,
        notices=[notice("breach", obligations="[eu]")],
    )
    paths = [finding.path for finding in found(tmp_path, with_sectors(text, "[A-B]"))]
    assert paths == ["sectors[0]", "steps[0].due.before", "notices[0].obligations[0]"]


NAMING = with_sectors(
    playbook(step("a", due=before("GONE")), TELL, notices=[notice("breach", obligations="[GONE]")]),
    "[gone]",
)


def test_while_a_file_of_rules_is_broken_their_names_are_taken_on_trust(tmp_path: Path) -> None:
    assert len(found(tmp_path, NAMING)) == 3
    assert len(linted(tmp_path, NAMING, library=LIBRARY)) == 3
    assert linted(tmp_path, NAMING, library=WITH_BROKEN_RULES) == []


def test_without_a_library_rules_and_sectors_are_taken_on_trust(tmp_path: Path) -> None:
    assert linted(tmp_path, NAMING, library=None) == []
