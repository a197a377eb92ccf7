from __future__ import annotations

import pytest

from ccir.catalog.findings import (
    FINDINGS_LIMIT,
    Complaints,
    DocumentError,
    Finding,
    Position,
    suggestion,
)
from ccir.errors import InvalidDocumentError


def test_a_finding_is_printed_like_a_compilers() -> None:
    finding = Finding(
        file="p.yaml",
        line=3,
        column=7,
        path="steps[0].role",
        severity="error",
        message="there is no role 'x'",
        hint="did you mean 'y'?",
    )
    assert str(finding) == (
        "p.yaml:3:7: error: steps[0].role: there is no role 'x' (did you mean 'y'?)"
    )


def test_a_finding_about_the_whole_document_has_no_path() -> None:
    finding = Finding(
        file="p.yaml", line=1, column=1, path="", severity="warning", message="odd", hint=""
    )
    assert str(finding) == "p.yaml:1:1: warning: odd"


def test_an_error_says_everything_that_is_wrong() -> None:
    complaints = Complaints("p.yaml")
    complaints.add("first", at=Position(line=2, column=3), path="a", hint="do")
    complaints.add("second", at=Position(line=4))
    with pytest.raises(DocumentError) as caught:
        complaints.raise_errors()
    assert isinstance(caught.value, InvalidDocumentError)
    assert caught.value.message == "p.yaml:2:3: error: a: first (do)\np.yaml:4:1: error: second"
    assert caught.value.findings == tuple(complaints.findings)
    assert "ccir playbook lint" in caught.value.hint


def test_warnings_are_no_errors() -> None:
    complaints = Complaints("p.yaml")
    complaints.add("odd", at=Position(), severity="warning")
    complaints.raise_errors()
    assert not complaints.has_errors


def test_complaints_are_bounded_and_counted() -> None:
    complaints = Complaints("p.yaml")
    for number in range(FINDINGS_LIMIT + 5):
        assert complaints.is_full == (number >= FINDINGS_LIMIT)
        complaints.add(str(number), at=Position())
    assert len(complaints.findings) == FINDINGS_LIMIT
    assert complaints.total == FINDINGS_LIMIT + 5
    assert complaints.findings[-1].message == str(FINDINGS_LIMIT - 1)


MANY = [f"n{number:02}" for number in range(13)]


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("comander", ["commander", "scribe"], "did you mean 'commander'?"),
        ("xyz", ["b", "a"], "known: a, b"),
        ("xyz", [], "none is known"),
        (
            "xyz",
            [f"n{i:02}" for i in range(12)],
            "known: " + ", ".join(f"n{i:02}" for i in range(12)),
        ),
        (
            "xyz",
            [f"n{i:02}" for i in range(13)],
            "known: " + ", ".join(f"n{i:02}" for i in range(12)) + " …",
        ),
    ],
)
def test_a_suggestion_is_the_nearest_word_or_what_is_known(
    word: str, known: list[str], hint: str
) -> None:
    assert suggestion(word, known) == hint
