from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ccir.clock import FixedClock
from ccir.domain.events import Pin, RulesRenewed, Sealed
from ccir.domain.record import canonical, digest
from ccir.entropy import SeededEntropy
from ccir.errors import NotFoundError
from ccir.store.interface import Break
from ccir.store.sqlite import MEMBER
from ccir.store.sqlite_driver import connect
from support.stores import PLAYBOOK, STARTED_AT, append_facts, begin, draft, fact, opened

RUN, OTHER = "INC-2026-0001", "INC-2026-0002"
COUNT = 5
BITS = st.sampled_from([1 << number for number in range(8)])
Found = list[tuple[str, int | None, str]]


class Log:
    """A copy of a sound log that nobody has open, to be tampered with."""

    def __init__(self, folder: Path, octets: bytes | bytearray) -> None:
        self.path = folder / "ccir.db"
        self.path.write_bytes(octets)
        clock, entropy = FixedClock(STARTED_AT), SeededEntropy(1)
        stores = MEMBER.open(folder, clock=clock, entropy=entropy)
        self.events = stores.events
        self.close = stores.close

    def change(self, statement: str, *values: str | bytes | int) -> None:
        connection = connect(self.path)
        assert connection.execute(statement, values).rowcount > 0, "something was changed"
        connection.close()

    def line(self, seq: int, run: str = RUN) -> bytes:
        line = self.events.lines(run)[seq - 1]
        self.close()
        return line

    def rewrite(self, seq: int, line: bytes) -> None:
        self.change("UPDATE events SET line = ? WHERE run = ? AND seq = ?", line, RUN, seq)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with two runs of five events each."""
    folder = tmp_path_factory.mktemp("sound")
    stores = opened(MEMBER, folder)
    for number, run in enumerate((RUN, OTHER)):
        assert begin(stores.events, key=f"begin {number}", another=True) == run
        append_facts(stores.events, run, COUNT - 1)
    assert stores.events.verify() == []
    stores.close()
    return folder / ".ccir" / "ccir.db"


class Copies(Protocol):
    def __call__(self, *, at: int = 0, bit: int = 0) -> Log: ...


@pytest.fixture
def copies(sound: Path, tmp_path: Path) -> Copies:
    """Makes copies of the sound log, with one bit of the file changed if need be."""
    numbers = itertools.count()

    def copy(*, at: int = 0, bit: int = 0) -> Log:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        octets = bytearray(sound.read_bytes())
        octets[at % len(octets)] ^= bit
        return Log(folder, octets)

    return copy


@pytest.fixture
def log(copies: Copies) -> Iterator[Log]:
    log = copies()
    yield log
    log.close()


def brief(breaks: list[Break]) -> Found:
    return [(one.run, one.seq, one.kind) for one in breaks]


# ------------------------------------------------------------------------------------- one line


def _changed(line: bytes) -> bytes:
    fields = json.loads(line)
    fields["by"] = "mallory"
    return canonical(fields) + b"\n"


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_changed_line_breaks_the_chain_at_the_next(log: Log, seq: int) -> None:
    log.rewrite(seq, _changed(log.line(seq)))
    assert brief(log.events.verify()) == [(RUN, seq + 1, "chain")]


def test_a_changed_last_line_is_not_the_one_the_head_names(log: Log) -> None:
    log.rewrite(COUNT, _changed(log.line(COUNT)))
    assert brief(log.events.verify()) == [(RUN, None, "head")]


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"not json\n", b"{}\n", b"\xff\xfe\n", b'{"by":"\xff"}\n']
)
def test_a_line_that_is_no_line_is_named_and_the_rest_is_looked_at(log: Log, line: bytes) -> None:
    log.rewrite(2, line)
    log.rewrite(4, _changed(log.line(4)))
    assert brief(log.events.verify()) == [(RUN, 2, "line"), (RUN, 3, "chain"), (RUN, 5, "chain")]


@given(seq=st.integers(1, COUNT), place=st.floats(0, 1, exclude_max=True), bit=BITS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_not_one_bit_of_a_line_changes_unseen(
    copies: Copies, *, seq: int, place: float, bit: int
) -> None:
    log = copies()
    line = bytearray(log.line(seq))
    line[int(place * len(line))] ^= bit
    log.rewrite(seq, bytes(line))
    assert log.events.verify(RUN), "a bit was changed"
    assert log.events.verify(OTHER) == []
    log.close()


def test_a_log_that_was_chained_anew_is_not_the_one_the_head_names(log: Log) -> None:
    prev = log.events.read(RUN)[0].hash
    for seq in range(2, COUNT + 1):
        fields = json.loads(_changed(log.line(seq))) | {"prev": prev}
        line = canonical(fields) + b"\n"
        prev = digest(line)
        log.rewrite(seq, line)
    assert brief(log.events.verify()) == [(RUN, None, "head")]


# ------------------------------------------------------------------------------ rows of the table


@pytest.mark.parametrize("seq", [2, 3, 4])
def test_a_removed_row_is_missed(log: Log, seq: int) -> None:
    log.change("DELETE FROM events WHERE run = ? AND seq = ?", RUN, seq)
    assert brief(log.events.verify()) == [(RUN, seq, "chain")]


def test_a_removed_last_row_is_missed_by_the_head(log: Log) -> None:
    log.change("DELETE FROM events WHERE run = ? AND seq = ?", RUN, COUNT)
    assert brief(log.events.verify()) == [(RUN, None, "head"), (RUN, None, "head")]


def test_a_removed_first_row_leaves_a_log_without_its_start(log: Log) -> None:
    log.change("DELETE FROM events WHERE run = ? AND seq = 1", RUN)
    assert brief(log.events.verify()) == [
        (RUN, 1, "chain"),
        (RUN, None, "runs"),
        (RUN, 1, "line"),
    ]


def test_a_log_without_any_row_is_told(log: Log) -> None:
    log.change("DELETE FROM events WHERE run = ?", RUN)
    assert (RUN, 1, "line") in brief(log.events.verify())
    assert (RUN, None, "head") in brief(log.events.verify(RUN))


def test_two_swapped_rows_are_both_named(log: Log) -> None:
    second, third = log.line(2), log.line(3)
    log.rewrite(2, third)
    log.rewrite(3, second)
    assert brief(log.events.verify()) == [
        (RUN, 2, "chain"),
        (RUN, 3, "column"),
        (RUN, 3, "column"),
        (RUN, 3, "chain"),
        (RUN, 2, "column"),
        (RUN, 2, "column"),
        (RUN, 4, "chain"),
    ]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("key = 'another'", "column key is 'another', the line says 'fact 2'"),
        ("seq = 9", "the event is missing"),
        ("run = 'INC-2026-0003'", "column run is 'INC-2026-0003', the line says 'INC-2026-0001'"),
    ],
)
def test_a_changed_column_contradicts_its_line(log: Log, change: str, column: str) -> None:
    log.change(f"UPDATE events SET {change} WHERE run = ? AND seq = 3", RUN)  # noqa: S608 - of this file
    assert any(column in one.detail for one in log.events.verify())


def test_a_line_of_another_run_is_not_one_of_this(log: Log) -> None:
    log.rewrite(3, log.line(3, OTHER))
    kinds = {(kind, seq) for _, seq, kind in brief(log.events.verify(RUN))}
    assert kinds == {("chain", 3), ("column", 3), ("chain", 4)}


# --------------------------------------------------------------------------------- the runs' table


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("seq = 4", "head"),
        ("hash = 'f00'", "head"),
        ("open = 0", "runs"),
        ("kind = 'drill'", "runs"),
        ("playbook = 'outage'", "runs"),
        ("started_at = '2026-03-01T08:00:00.123457+00:00'", "runs"),
    ],
)
def test_a_changed_head_contradicts_the_log(log: Log, change: str, kind: str) -> None:
    log.change(f"UPDATE runs SET {change} WHERE id = ?", RUN)  # noqa: S608 - written above
    assert brief(log.events.verify()) == [(RUN, None, kind)]


def test_a_run_that_was_taken_from_the_list_is_found_by_its_events(log: Log) -> None:
    log.change("DELETE FROM runs WHERE id = ?", RUN)
    assert brief(log.events.verify()) == [(RUN, None, "runs")]
    assert brief(log.events.verify(RUN)) == [(RUN, None, "runs")]
    with pytest.raises(NotFoundError):
        log.events.verify("INC-2026-0003")


def test_a_run_whose_id_is_of_another_kind_is_told(log: Log) -> None:
    log.change("UPDATE runs SET id = 'EX-2026-0001' WHERE id = ?", RUN)
    log.change("UPDATE events SET run = 'EX-2026-0001' WHERE run = ?", RUN)
    found = log.events.verify("EX-2026-0001")
    assert "EX-2026-0001: its id is not one of kind incident" in [one.detail for one in found]
    assert len([one for one in found if one.kind == "column"]) == COUNT


# -------------------------------------------------------------------------- documents and the file


def test_a_changed_document_is_told_once(log: Log) -> None:
    log.change("UPDATE documents SET content = ?", PLAYBOOK + b" ")
    assert brief(log.events.verify()) == [("", None, "document")]


def test_a_missing_document_is_missed_by_each_run_it_was_pinned_to(log: Log) -> None:
    log.change("DELETE FROM documents")
    assert brief(log.events.verify()) == [(RUN, 1, "document"), (OTHER, 1, "document")]


def test_missing_rules_are_missed_where_they_were_renewed(log: Log) -> None:
    rules = b'{"books":[]}'
    pin = Pin(id="rules", version="1.0.0", digest=digest(rules))
    renewed = draft(RulesRenewed(rules=pin, reason=Sealed(ref="0" * 32, digest="0" * 64)))
    seq = log.events.read(RUN)[-1].seq
    log.events.append(RUN, [renewed], expected=seq, key="renewed", pins={pin.digest: rules})
    assert log.events.verify() == []
    log.change("DELETE FROM documents WHERE digest = ?", pin.digest)
    assert brief(log.events.verify()) == [(RUN, seq + 1, "document")]


@given(at=st.integers(0, 10**9), bit=BITS)
@example(at=21, bit=8)  # a field of the header that SQLite itself checks
@example(at=100, bit=1)  # the kind of the first page
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_damaged_file_is_told_or_gives_the_very_same_lines(
    copies: Copies, *, at: int, bit: int
) -> None:
    whole, log = copies(), copies(at=at, bit=bit)
    if not log.events.verify():
        for run in (RUN, OTHER):
            assert log.events.lines(run) == whole.events.lines(run)
    log.close()
    whole.close()


def test_a_damaged_page_is_told_and_does_not_stop_the_look_at_the_rest(log: Log) -> None:
    log.change("UPDATE documents SET content = ?", PLAYBOOK + b" ")
    octets = bytearray(log.path.read_bytes())
    at = octets.index(log.line(3))
    page = at - at % 4_096
    octets[page : page + 8] = b"\xff" * 8
    log.path.write_bytes(octets)
    assert {kind for _, _, kind in brief(log.events.verify())} >= {"file", "document"}


def test_appends_meanwhile_are_no_break(log: Log) -> None:
    for number in range(5):
        with_it = log.events.append(RUN, [fact(number)], expected=COUNT + number, key=f"k{number}")
        assert log.events.verify() == []
        assert with_it[0].seq == COUNT + number + 1


def test_a_log_that_is_not_there_is_no_sound_log(log: Log) -> None:
    log.path.unlink()
    with pytest.raises(NotFoundError, match="there is no"):
        log.events.verify()
