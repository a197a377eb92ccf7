from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ccir.catalog.documents import load_playbook
from ccir.catalog.graph import mermaid
from ccir.domain import playbook as p
from ccir.domain.conditions import Name
from support.documents import STEP_KINDS, notice, playbook, step, write


def test_a_playbook_is_drawn(tmp_path: Path) -> None:
    text = playbook(
        step("declare"),
        step("choose", "decision", needs="[declare]", arguments="{question: Q, options: {x: X}}"),
        step("cut", needs="[declare, choose]", on="'records > 1'"),
        step("alone", on="vendor_involved"),
        step("check", "backup-check", on_failure="cut", arguments="{target: crm}"),
        step("prove", "restore", on_failure="continue", arguments="{drill: crm}"),
        step("pause", "wait", arguments="{fact: records}"),
        step("tell", "notify", arguments="{notice: breach}"),
        notices=[notice("breach")],
    )
    source = write(tmp_path, "playbooks/outage.yaml", text)
    assert mermaid(load_playbook(source, STEP_KINDS)).splitlines() == [
        "flowchart TD",
        '  subgraph phase_contain["Contain"]',
        '    step_declare["declare<br>commander"]',
        '    step_choose{{"choose<br>commander"}}',
        '    step_cut["cut<br>commander"]',
        '    step_alone["alone<br>commander<br>when vendor_involved"]',
        '    step_check[["check<br>commander"]]',
        '    step_prove[["prove<br>commander"]]',
        '    step_pause(["pause<br>commander"])',
        '    step_tell>"tell<br>commander"]',
        "  end",
        "  step_declare --> step_choose",
        '  step_declare -->|"records #62; 1"| step_cut',
        '  step_choose -->|"records #62; 1"| step_cut',
        '  step_check -.->|"fails"| step_cut',
    ]


def drawn(*steps: p.Step, title: str = "Contain") -> str:
    return mermaid(
        p.Playbook(
            id="outage",
            version="1.0.0",
            title="Outage",
            summary="All",
            severities=(),
            roles=(),
            phases=(p.Phase(id="end", title=title), p.Phase(id="empty", title="Empty")),
            steps=steps,
        )
    )


def manual(
    name: str, title: str = "Title", *, needs: tuple[str, ...] = (), when: p.When | None = None
) -> p.Step:
    return p.Step(
        id=name,
        title=title,
        phase="end",
        role="commander",
        kind="manual",
        needs=needs,
        when=when,
    )


def test_ids_that_mermaid_would_misread_are_written_otherwise() -> None:
    text = drawn(manual("end"), manual("a--b", needs=("end",)))
    assert "step_end --> step_a__b" in text
    assert 'subgraph phase_end["Contain"]' in text
    assert "Empty" not in text


def test_labels_are_escaped() -> None:
    text = drawn(manual("a", '"] --> <b>`x`</b>\n&amp; #35;'), title='A "phase"')
    assert (
        'step_a["#34;] --#62; #60;b#62;#96;x#96;#60;/b#62; #38;amp; #35;35;<br>commander"]' in text
    )
    assert 'subgraph phase_end["A #34;phase#34;"]' in text


@given(st.text(), st.text(min_size=1))
def test_no_text_can_leave_its_label(title: str, condition: str) -> None:
    when = p.When(source=condition, test=Name(path="x"))
    text = drawn(manual("a"), manual("b", title, needs=("a",), when=when))
    [box] = [line for line in text.split("\n") if line.startswith("    step_b")]
    [arrow] = [line for line in text.split("\n") if line.startswith("  step_a -->")]
    assert re.fullmatch(r'    step_b\["[^"`]*<br>commander"\]', box)
    assert re.fullmatch(r'  step_a -->\|"[^"`<>]*"\| step_b', arrow)
    assert text.count("\n") == 6
