"""The whole table of faults, each met by a whole drill: its verdict, its reason, in five seconds.

Where each row of restic's faults is tried. `calls` are the five of test_restic_damage.py
(snapshots, check, check with data, content, restore), `access` is test_restic_access.py, `lines`
the recorded words in test_restic_lines.py and test_restic_verdict.py, `drill` is this file.

| fault | check, check with data, restore | drill |
|---|---|---|
| a bit of a pack, or of its header | calls, lines | DAMAGED, UNREAD |
| a pack cut, emptied or gone | calls (hasty), lines | DAMAGED, hasty |
| a tree pack: a bit, cut, emptied or gone | calls, calls (hasty), lines | DAMAGED, hasty |
| an index: a bit, half, one of two, all | calls, lines | DAMAGED, one of two |
| a snapshot: a bit, emptied | calls, lines | DAMAGED |
| the newest snapshot gone (a silent pass) | nothing can notice: test_alarms.py | REMEMBERED |
| all snapshots gone (a silent pass) | calls | DAMAGED, REMEMBERED |
| a key: a bit, a letter, gone | calls, lines | DAMAGED |
| the config: a bit, half, emptied, gone; no repository | calls, lines | DAMAGED |
| a wrong password | contract of backup tools | AROUND |
| a password file missing, unreadable, empty | access | AROUND, unprivileged |
| a password command that fails, that hangs | access | AROUND |
| an exclusive lock, live or stale; a shared one | access, test_checking.py | locks |
| a folder of locks, a repository that is read-only | access (folder, mount) | unprivileged |
| a refused connection | access, lines (0.19 tries for 15 minutes) | AROUND |
| a full disk | access (a real one) | a real one, AROUND (recorded) |
| the place to restore to is a file | access | AROUND |
| no snapshot matches, an unknown id | contract | AROUND |
| an include that matches nothing (a silent pass) | - | AROUND |
| an empty snapshot dated in the future (a silent pass) | test_restic.py | AROUND |
| a damaged tree, and `dump` that ends well (a silent pass) | - | REMEMBERED |
| files overwritten by ransomware (a silent pass) | test_content.py, test_clean.py | AROUND |
| SIGINT, SIGTERM, SIGKILL in the midst of a restore | - | test_drill_signals.py |
| a damaged tree on which 0.18.0 crashes | calls (newer) | DAMAGED (newer) |
| a cache folder that cannot be used | lines | AROUND |
| plain artefacts: dumps, databases, archives | tests/checks | test_drill_artefacts.py |
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ccir.domain.drills import CheckPlan, Drill
from support import drill_deeds as deeds
from support.damage import DAMAGES
from support.drill_faults import (
    BOUND_SECONDS,
    FULL,
    HASTY,
    MODES,
    READING,
    SAMPLE,
    STREAM,
    Scene,
    back_up_more,
    fill_disk,
    include_nothing,
    says,
    told,
)
from support.drills import drill_with, program
from support.restic_repository import back_up
from support.restic_versions import INSTALLED, NEWER

PACK, INDEX = "fail pack-damaged", "fail index-damaged"
SNAPSHOT, KEY, CONFIG = "fail snapshot-damaged", "fail key-damaged", "fail config-damaged"
GONE, NONE = "fail repository-missing", "fail no-snapshots"
NO_PASSWORD = "error password-unavailable"


# ------------------------------------------------------------------------ the repository is damaged

DAMAGED = {
    "nothing": "pass",
    "a bit of the data": PACK,
    "a bit of the data's header": PACK,
    "half of the data": PACK,
    "all of the data's bytes": PACK,
    "the data": PACK,
    "a bit of the folders": PACK,
    "half of the folders": PACK,
    "all of the folders' bytes": PACK,
    "the folders": PACK,
    "a bit of the index": INDEX,
    "half of the index": INDEX,
    "the index": INDEX,
    "a bit of the snapshot": SNAPSHOT,
    "all of the snapshot's bytes": SNAPSHOT,
    "the snapshot": NONE,
    "a letter of the key": KEY,
    "the key's first byte": KEY,
    "the key": KEY,
    "a bit of the config": CONFIG,
    "half of the config": CONFIG,
    "all of the config's bytes": CONFIG,
    "the config": GONE,
    "the repository": GONE,
}
# restic 0.14 only tries again and again where files are short or gone.
TRIED_AGAIN = {"half of the folders", "all of the folders' bytes", "the folders", "the data"}
READ = ["a bit of the data", "half of the data", "the data", "a bit of the folders"]
ON_NEWER = ["nothing", "a bit of the data", "a bit of the folders", "the data"]
CASES = [
    *((INSTALLED, "full", lost) for lost in DAMAGED),
    *((INSTALLED, mode, lost) for mode in ("sample", "stream") for lost in READ),
    *((NEWER, mode, lost) for mode in MODES for lost in ON_NEWER),
]


@pytest.mark.parametrize(("restic_path", "mode", "lost"), CASES, indirect=["restic_path"])
def test_what_is_lost_is_what_the_drill_says(scene: Scene, *, mode: str, lost: str) -> None:
    if lost in TRIED_AGAIN:
        scene.equip(deadlines=HASTY)
    DAMAGES[lost](scene.repository)
    assert says(scene, MODES[mode]) == DAMAGED[lost]


@pytest.mark.parametrize("lost", ["a bit of the data", "a bit of the data's header"])
def test_what_only_reading_the_data_shows_is_found_where_the_drill_reads_it(
    scene: Scene, lost: str
) -> None:
    DAMAGES[lost](scene.repository)
    assert says(scene, READING) == PACK


@pytest.mark.parametrize("kept", ["older", "newer"])
def test_one_of_two_indexes_gone_is_a_fail(scene: Scene, kept: str) -> None:
    before = {*(scene.repository.folder / "index").iterdir()}
    back_up_more(scene)
    after = {*(scene.repository.folder / "index").iterdir()}
    (lost,) = before if kept == "newer" else after - before
    lost.unlink()
    assert says(scene, drill_with(program("true"))) == INDEX


# --------------------------------------------------- what only who remembers what was there notices


REMEMBERED: dict[str, tuple[Callable[[Scene], object], Drill, set[str]]] = {
    "the newest snapshot": (deeds.lose_newest, FULL, {"fail snapshot-vanished"}),
    "all snapshots": (deeds.lose_all, FULL, {NONE, "fail snapshot-vanished"}),
    # restic 0.14 ends its stream with 0, though most files do not come.
    "the folders, in a stream": (deeds.lose_folders, STREAM, {"fail content-missing"}),
}


@pytest.mark.parametrize("lost", REMEMBERED)
def test_what_restic_passes_over_is_noticed_by_who_remembers(scene: Scene, lost: str) -> None:
    lose, drill, expected = REMEMBERED[lost]
    back_up(scene.repository, at="2026-01-02 03:10:00")
    scene.remember()
    assert says(scene, drill) == "pass"
    lose(scene)
    result = scene.play(drill)
    assert expected <= {told(each) for each in result.checks}
    assert result.verdict == "fail"
    assert scene.seconds < BOUND_SECONDS


# -------------------------------------------------------------------------- everything around it


AROUND: dict[str, tuple[Callable[[Scene], object], str, Drill]] = {
    "a wrong password": (deeds.wrong_password, "error wrong-password", FULL),
    "no password file": (lambda it: it.aim(password_file="/nowhere"), NO_PASSWORD, FULL),
    "an empty password file": (lambda it: deeds.secret(it, ""), NO_PASSWORD, FULL),
    "a password command that fails": (deeds.asks("false"), NO_PASSWORD, FULL),
    "a password command that is missing": (deeds.asks("no-such-program"), NO_PASSWORD, FULL),
    "a password command that hangs": (deeds.hang, "error password-timeout", FULL),
    "a refused connection": (deeds.refuse, "error unreachable", FULL),
    "a full disk": (fill_disk, "error no-space", FULL),
    "a file in place of the scratch folder": (
        deeds.put_file_in_place_of_scratch,
        "error unavailable",
        FULL,
    ),
    "a file in place of the restored folder": (
        deeds.put_file_in_place_of_restored,
        "error unwritable",
        FULL,
    ),
    "snapshots of others only": (lambda it: it.aim(hosts=("web1",)), NONE, FULL),
    "an include that matches nothing": (include_nothing, "fail content-missing", SAMPLE),
    "an empty snapshot from the future": (deeds.hijack_latest, "fail future", FULL),
    "files that ransomware has overwritten": (
        deeds.encrypt,
        "fail content-mismatch",
        drill_with(CheckPlan(kind="content")),
    ),
    "a cache folder that cannot be used": (
        lambda it: it.equip(environment={**it.kit.environment, "XDG_CACHE_HOME": "/dev/null/x"}),
        "pass",
        FULL,
    ),
}


@pytest.mark.parametrize("fault", AROUND)
def test_what_is_wrong_around_it_is_what_the_drill_says(scene: Scene, fault: str) -> None:
    bring_about, expected, drill = AROUND[fault]
    bring_about(scene)
    if fault == "a file in place of the scratch folder":
        assert told(scene.play(drill)) == expected
        return
    assert says(scene, drill) == expected


def test_an_unknown_id_is_an_error(scene: Scene) -> None:
    assert says(scene, snapshot="0" * 64) == "error snapshot-unknown"
