from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ccir.engine.backup_ledger import Word
from support.centre import make_centre
from support.cli import Cli
from support.restic_meddling import add_key
from support.restic_repository import Repository, back_up, restic


@pytest.fixture
def watched(tmp_path: Path, repository: Repository) -> Cli:
    """A workspace whose backup was looked at once, with two snapshots."""
    cli = make_centre(tmp_path / "centre", repository=repository)
    back_up(repository, at="2026-01-02 07:00:00")
    cli("backup", "check")
    return cli


def rows(cli: Cli) -> list[dict[str, object]]:
    found: list[dict[str, object]] = cli.json("backup", "snapshots", "crm")["targets"][0][
        "snapshots"
    ]
    return found


def newest(cli: Cli) -> str:
    return str(rows(cli)[-1]["id"])


def reasons(cli: Cli) -> set[str]:
    return {each["reason"] for each in cli.json("backup", "check", status=None)["checks"]}


def test_before_the_first_look_nothing_is_known(tmp_path: Path, healthy: Repository) -> None:
    cli = make_centre(tmp_path / "centre", repository=healthy)
    assert cli("backup", "snapshots").out.splitlines() == [
        "crm: not looked at yet",
        "next: `ccir backup check crm`",
    ]
    assert cli.json("backup", "snapshots") == {
        "targets": [{"target": "crm", "looked_at": None, "snapshots": [], "keys": []}]
    }


def test_snapshots_and_keys_that_were_seen_are_listed(watched: Cli) -> None:
    shown = watched("backup", "snapshots").out
    assert "crm: 2 snapshots and 1 key, last looked at 2026-01-02 09:00 CET" in shown
    (document,) = watched.json("backup", "snapshots")["targets"]
    assert set(document["snapshots"][0]) == {
        "id",
        "taken_at",
        "host",
        "user",
        "files",
        "bytes",
        "first_seen_at",
        "gone_at",
        "marks",
        "accepted",
    }
    assert [each["files"] for each in document["snapshots"]] == [None, 25]
    assert set(document["keys"][0]) == {
        "id",
        "label",
        "first_seen_at",
        "last_seen_at",
        "is_unknown",
        "accepted",
    }


def test_a_snapshot_that_vanished_is_told_until_it_is_accepted(
    watched: Cli, repository: Repository
) -> None:
    gone = newest(watched)
    restic(repository, "forget", gone)
    watched.clock.move(3_600)
    assert watched.json("backup", "check", status=1)["reason"] == "snapshot-vanished"
    assert rows(watched)[-1]["marks"] == ["vanished", "gone"]
    assert "vanished, gone" in watched("backup", "snapshots", "crm").out
    said = watched("backup", "accept", "crm", gone[:8], "--reason", "removed by us, ticket 7")
    assert said.out == f"crm: snapshot {gone[:8]} accepted by alex\n"
    assert watched.json("backup", "check")["verdict"] == "pass"
    accepted = rows(watched)[-1]
    assert accepted["marks"] == ["gone", "accepted"]
    word = msgspec.convert(accepted["accepted"], Word)
    assert (word.by, word.reason) == ("alex", "removed by us, ticket 7")
    assert word.at.isoformat().startswith("2026-01-02T09:00:00")
    shown = " ".join(watched("backup", "snapshots").out.split())
    assert "gone, accepted by alex: removed by us" in shown


def test_a_key_and_an_unknown_host_are_accepted_together(
    watched: Cli, repository: Repository
) -> None:
    add_key(repository, user="mallory")
    back_up(repository, at="2026-01-02 07:30:00", host="crm2")
    assert reasons(watched) >= {"key-unknown", "host-unknown"}
    (document,) = watched.json("backup", "snapshots")["targets"]
    (key,) = (each["id"] for each in document["keys"] if each["is_unknown"])
    assert "unknown" in watched("backup", "snapshots").out
    done = watched.json(
        *("backup", "accept", "crm", newest(watched), key, "--reason", "moved", "--as", "kim")
    )
    assert done == {"target": "crm", "snapshots": [newest(watched)], "keys": [key]}
    assert reasons(watched) == {""}
    assert "accepted by kim: moved" in watched("backup", "snapshots").out


def test_the_reason_of_an_acceptance_is_sealed(watched: Cli) -> None:
    watched("backup", "accept", "crm", newest(watched), "--reason", "asked by Zoe Example")
    octets = b"".join(path.read_bytes() for path in (watched.folder / ".ccir").glob("*.db*"))
    assert b"Zoe Example" not in octets


def test_an_id_that_is_not_known_is_not_found_and_nothing_is_accepted(watched: Cli) -> None:
    known = newest(watched)
    answer = watched("backup", "accept", "crm", known, "f" * 8, "--reason", "r", status=6)
    assert "never seen with ffffffff" in answer.err
    assert rows(watched)[-1]["accepted"] is None


@pytest.mark.parametrize("words", ["abcdefg", "3f2a", "latest", "../../x"])
def test_what_is_no_id_is_refused(watched: Cli, words: str) -> None:
    answer = watched("backup", "accept", "crm", words, "--reason", "r", status=2)
    assert "is no id: 8 to 64 hexadecimal digits" in answer.err


def test_of_several_that_begin_alike_none_is_guessed(watched: Cli, repository: Repository) -> None:
    folder = repository.folder / "keys"
    (first,) = folder.iterdir()
    twin = first.name[:8] + "0" * 56
    (folder / twin).write_bytes(first.read_bytes())
    watched("backup", "check", status=None)
    answer = watched("backup", "accept", "crm", twin[:8], "--reason", "r", status=2)
    assert "2 ids begin with" in answer.err


@pytest.mark.parametrize(
    ("reason", "status"), [("  ", 2), ("card 4111 1111 1111 1111", 5)], ids=["empty", "card"]
)
def test_a_reason_must_be_one_that_may_be_kept(watched: Cli, reason: str, status: int) -> None:
    watched("backup", "accept", "crm", newest(watched), "--reason", reason, status=status)
    assert rows(watched)[-1]["accepted"] is None


def test_accepting_happens_now_and_by_somebody(watched: Cli) -> None:
    words = ("backup", "accept", "crm", newest(watched), "--reason", "r")
    assert "this happens now" in watched(*words, "--at", "08:00", status=2).err
    watched(*words, "--as", "nobody", status=2)


def test_a_workspace_that_is_older_than_the_ledger_needs_no_new_init(watched: Cli) -> None:
    (watched.folder / ".ccir" / "backups.db").unlink()
    assert "not looked at yet" in watched("backup", "snapshots").out
    watched("backup", "check")
    assert len(rows(watched)) == 2


def test_a_target_must_be_there(watched: Cli) -> None:
    assert "did you mean 'crm'?" in watched("backup", "snapshots", "crn", status=6).err
