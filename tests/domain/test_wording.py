from __future__ import annotations

import pytest
from msgspec.structs import replace

from ccir.domain import events as e
from ccir.domain.events import EVENT_TYPES
from ccir.domain.notices import Counts
from ccir.domain.wording import sealed_texts, sentence, tally
from support.events import APPROVED, BACKUP_CHECKED, BY_TYPE, COMMAND_RAN, DRILL_FINISHED
from support.runs import STARTED, sealed

SENTENCES = {
    "RunStarted": "started playbook leak 1.2.0 at sev2",
    "FactRecorded": "fact awareness = 2026-03-02T09:00:00+00:00 (source: the log)",
    "FactConfirmed": "confirmed the change of awareness in event 37",
    "DutyMet": "EU-GDPR-34-DS is met by notice customers",
    "DelayExplained": "why EU-GDPR-33-SA is late",
    "DutyWaived": "decided not to tell (EU-GDPR-33-2-CTRL), review on 2026-04-01",
    "WaiverConfirmed": "confirmed the decision not to tell (EU-GDPR-33-2-CTRL)",
    "RulesRenewed": "clocks are held to rules 1.2.0 as they are now, 1b1b1b1b1b1b…",
    "RoleAssigned": "erin is communications",
    "RoleHandedOver": "commander handed over from alex to dana",
    "SeverityChanged": "severity sev2 → sev1",
    "NoteAdded": "privileged note",
    "StepStarted": "began triage for operations",
    "StepFinished": "finished triage for operations",
    "StepSkipped": "left out preserve",
    "StepBlocked": "triage is blocked",
    "StepFailed": "scan failed: command-failed",
    "StepReopened": "reopened triage",
    "StepAssigned": "triage is farah's",
    "StepOverdue": "triage fell overdue",
    "WaitEnded": "the wait await-awareness is over",
    "DecisionMade": "decided isolate: watch",
    "EvidenceAdded": "evidence of 12 bytes, SHA-256 0a0a0a0a0a0a… for preserve",
    "EventCorrected": "event 3 was wrong",
    "HoldPlaced": "legal hold placed",
    "HoldReleased": "legal hold released",
    "RunClosed": "closed as duplicate, waived: rebuild",
    "RunReopened": "reopened",
    "CommandRan": "scan ran scanner: exit 2",
    "BackupChecked": "backup crm checked: fail (too-few-files), snapshot 5f0c5f0c",
    "DrillFinished": (
        "drill monthly-crm: error (cannot-fail), snapshot 5f0c5f0c, 4 files, 8192 bytes restored"
    ),
    "CleanSnapshotSought": (
        "4 snapshots of crm looked at: the last clean one is 9f9f9f9f of 2026-02-27 08:00 UTC"
    ),
    "DrillCited": "cited DR-2026-0007: drill monthly-crm, pass",
    "DrillAlerted": "told team of drill monthly-crm (fail): accepted",
    "DrillSlotsMissed": "drill monthly-crm missed 2 of its slots",
    "BackupRestored": "restored crm to restored/crm: pass, snapshot 5f0c5f0c, 4 files",
    "NoticePreviewed": (
        "notice customers version 2: 1 recipients through mail, digest cdcdcdcdcdcd…"
    ),
    "NoticeDenied": "notice customers version 2 refused as privacy",
    "SendingHalted": "notice customers version 1: sending is paused",
    "SendingReleased": "notice customers version 1: sending may go on",
    "RowsResolved": "notice customers version 1: 1 in doubt resolved as told by relay-log",
    "BouncesRead": "notice customers version 1: reports read: 1 bounced, 2 delivered",
    "RecipientsConfirmed": "notice customers version 1: 2 confirmed, 1 of them late",
    "RecipientsUnmasked": "notice customers version 1: 1 recipients were shown in full",
    "NoticeApproved": "notice customers version 1 approved as privacy",
    "SendingStarted": "notice customers version 1: began to send to 3",
    "SendingEnded": "notice customers version 1: sending complete: 2 accepted, 1 refused",
    "RolesAlerted": "called privacy, deputy through team: accepted",
}


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_every_event_has_its_sentence(kind: str) -> None:
    assert sentence(BY_TYPE[kind]) == SENTENCES[kind]


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_no_sentence_tells_what_is_sealed_or_ends_with_a_full_stop(kind: str) -> None:
    event = BY_TYPE[kind]
    words = sentence(event)
    assert not words.endswith(".")
    for text in sealed_texts(event):
        assert text.ref not in words
        assert text.digest not in words


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            e.FactRecorded(name="ransom", value=True, source="a mail"),
            "fact ransom = yes (source: a mail)",
        ),
        (
            e.FactRecorded(name="data_types", value=["card", "contact"]),
            "fact data_types = card, contact",
        ),
        (e.DutyMet(rule="EU-GDPR-33-SA", reference=sealed("case 4711")), "EU-GDPR-33-SA is met"),
        (
            e.RoleHandedOver(role="deputy", previous="", person="dana"),
            "deputy handed over from nobody to dana",
        ),
        (e.NoteAdded(text=sealed()), "note"),
        (
            e.EvidenceAdded(sha256="0a" * 32, size_bytes=1, name=sealed()),
            "evidence of 1 bytes, SHA-256 0a0a0a0a0a0a…",
        ),
        (e.RunClosed(outcome="resolved"), "closed as resolved"),
        (replace(COMMAND_RAN, ended="timed-out", exit_code=None), "scan ran scanner: timed-out"),
        (replace(COMMAND_RAN, exit_code=0), "scan ran scanner: exit 0"),
        (
            replace(BACKUP_CHECKED, reason="", verdict="pass", snapshot=None),
            "backup crm checked: pass",
        ),
        (replace(APPROVED, role=""), "notice customers version 1 approved"),
    ],
)
def test_what_is_not_there_is_not_told(event: e.AnyEvent, expected: str) -> None:
    assert sentence(event) == expected


@pytest.mark.parametrize(
    ("event", "texts"),
    [
        (BY_TYPE["StepFailed"], (sealed("2"),)),
        (COMMAND_RAN, (sealed("output"),)),
        (BY_TYPE["EvidenceAdded"], (sealed("disk.img"),)),
        (BY_TYPE["NoticePreviewed"], ()),
        (BY_TYPE["FactRecorded"], (sealed("the help desk's clock was wrong"),)),
        (BY_TYPE["DutyWaived"], (sealed("no client's records"),)),
        (
            e.DutyMet(rule="A", reference=sealed("case 4711"), reason=sealed("down")),
            (sealed("case 4711"), sealed("down")),
        ),
        (STARTED, ()),
        (DRILL_FINISHED, ()),
        (e.RunClosed(outcome="resolved"), ()),
    ],
)
def test_sealed_texts_are_found_but_not_a_notices_whole_text(
    event: e.AnyEvent, texts: tuple[e.Sealed, ...]
) -> None:
    assert sealed_texts(event) == texts


def test_counts_are_told_in_words_without_the_zeros() -> None:
    assert tally(Counts(planned=1, claimed=2, accepted=3, refused=4, unknown=5)) == (
        "1 planned, 2 claimed, 3 accepted, 4 refused, 5 unknown"
    )
    assert tally(Counts(accepted=3)) == "3 accepted"
    assert tally(Counts()) == "no rows"
