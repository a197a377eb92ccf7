from __future__ import annotations

from ccir.domain.events import EventCorrected, EvidenceAdded
from ccir.reports.telling import ERASED
from support.told_run import ToldRun


def test_a_file_is_told_with_its_whole_digest() -> None:
    told = ToldRun()
    name = told.seal("sign-in.log")
    told.add(
        EvidenceAdded(sha256="e" * 64, size_bytes=67, name=name, step="cut-off"),
        by="kim",
        at=5,
        later=10,
    )
    [file] = told.report().evidence
    assert (file.name, file.sha256, file.size_bytes) == ("sign-in.log", "e" * 64, 67)
    assert (file.step, file.by, file.at.later) == ("cut-off", "Kim Weber", "entered 10 min later")


def test_a_file_that_was_called_wrong_or_whose_name_was_erased_stays() -> None:
    told = ToldRun()
    seq = told.add(EvidenceAdded(sha256="e" * 64, size_bytes=67, name=told.seal(None)))
    told.add(EventCorrected(seq=seq, reason=told.seal("another case's")))
    [file] = told.report().evidence
    assert (file.name, file.step, file.wrong) == (ERASED, "", "called wrong by event 3")
