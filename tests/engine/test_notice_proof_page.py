from __future__ import annotations

import datetime as dt

from ccir.engine.notice_proof_model import AsOf, Proof, Sample
from ccir.engine.notice_proof_page import page

AT = dt.datetime(2026, 1, 2, 8, 0, tzinfo=dt.UTC)


def test_nothing_that_people_wrote_is_markup() -> None:
    written = page(
        Proof(
            run="INC-2026-0001",
            kind="incident",
            playbook=None,
            notice="customers",
            title="To | <b>all</b>\n# of them",
            audience="customers",
            zone="Europe/Berlin",
            as_of=AsOf(seq=7, hash="ab" * 32, at=AT),
            versions=(),
            timing=(),
            samples=(Sample(version=1, language="e|n", file="version-1/text/en.sample.txt"),),
        )
    )
    assert written.startswith("# Proof of notice: To \\| \\<b\\>all\\</b\\> / \\# of them\n")
    assert "| 1 | e\\|n | `version-1/text/en.sample.txt` | values masked |" in written
    assert "First told never" in written
    assert "No deadline is known that the notice had to meet." in written
