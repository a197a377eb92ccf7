from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.config.values import Secret
from ccir.engine.drill_ping import Ping, call, ping_of
from ccir.engine.opening import open_workspace
from ccir.engine.workspace import Workspace
from ccir.errors import InvalidDocumentError, UnavailableError
from support.centre import make_centre
from support.http_sink import HttpSink

TOKEN = "s3cret"
RUN = "DR-2026-0001"


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with HttpSink() as running:
        yield running


def workspace_with(folder: Path, *lines: str) -> Workspace:
    cli = make_centre(folder / "centre", more="\n".join(("[drills]", *lines)))
    return open_workspace(cli.surroundings, cli.folder)


def ping_to(url: str, *, patience_seconds: float = 5.0) -> Ping:
    return Ping(url=Secret(url), rid="the-rid", patience_seconds=patience_seconds)


def at(sink: HttpSink, path: str = f"/{TOKEN}") -> str:
    return f"http://127.0.0.1:{sink.port}{path}"


def test_1_the_begin_and_the_end_are_called_with_the_id_of_the_run(sink: HttpSink) -> None:
    ping = ping_to(at(sink))
    assert call(ping, "start") == ""
    assert call(ping, "1", body=f"{RUN} drill nightly: fail (rto-exceeded)") == ""
    assert sink.paths == [f"/{TOKEN}/start?rid=the-rid", f"/{TOKEN}/1?rid=the-rid"]
    assert sink.posted == [b"", f"{RUN} drill nightly: fail (rto-exceeded)".encode()]


def test_1_an_address_keeps_its_query_and_may_end_with_a_stroke(sink: HttpSink) -> None:
    call(ping_to(at(sink, "/a/?key=b#c")), "0")
    assert sink.paths == ["/a/0?key=b&rid=the-rid"]


def test_1_the_id_is_a_uuid_of_the_run_alone(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, 'ping_url = "https://hc.example/{drill}/x"')
    first, second = (ping_of(workspace, "nightly", run=RUN) for _ in range(2))
    workspace.stores.close()
    assert first is not None
    assert second is not None
    assert first.rid != second.rid, "two workspaces may have a run of the same id"
    assert uuid.UUID(first.rid).version == 4
    assert first.url.reveal() == "https://hc.example/nightly/x"


def test_2_a_call_that_did_not_arrive_is_tried_once_more(sink: HttpSink) -> None:
    sink.answers.extend((503, 200))
    assert call(ping_to(at(sink)), "start") == ""
    sink.answers.extend((0, 200))
    assert call(ping_to(at(sink)), "start") == ""
    sink.answers.extend((500, 502, 200))
    assert call(ping_to(at(sink)), "start") == "it answered 502"
    assert len(sink.posted) == 6


def test_2_an_address_that_is_not_known_is_not_tried_again(sink: HttpSink) -> None:
    sink.answers.extend((404, 200))
    assert call(ping_to(at(sink)), "start") == "it answered 404"
    assert len(sink.posted) == 1


def test_2_a_monitor_that_does_not_answer_is_waited_for_a_short_time(sink: HttpSink) -> None:
    sink.answers.extend((-1, -1))
    assert call(ping_to(at(sink), patience_seconds=0.1), "start") in {
        "no answer within 0.1 s",
        "TimeoutError",
    }


def test_3_what_failed_is_told_without_the_address(sink: HttpSink) -> None:
    sink.answers.append(302)
    assert call(ping_to(at(sink)), "start") == "it answered 302, and redirects are not followed"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}/{TOKEN}"
    for url in (closed, f"https://127.0.0.1:{sink.port}/{TOKEN}", f"http://127.0.0.1:odd/{TOKEN}"):
        failure = call(ping_to(url), "start")
        assert failure
        assert TOKEN not in failure


def test_3_the_address_may_lie_in_a_private_file(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, 'ping_url_file = "ping.url"')
    file = workspace.folder / "ping.url"
    with pytest.raises(UnavailableError, match="cannot be read"):
        ping_of(workspace, "nightly", run=RUN)
    file.touch(mode=0o600)
    file.write_text("ftp://hc.example\n")
    with pytest.raises(InvalidDocumentError, match="holds no web address"):
        ping_of(workspace, "nightly", run=RUN)
    file.write_text("https://hc.example/x\n")
    found = ping_of(workspace, "nightly", run=RUN)
    workspace.stores.close()
    assert found is not None
    assert found.url.reveal() == "https://hc.example/x"
    assert "hc.example" not in repr(found)


def test_without_an_address_nothing_is_called(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path)
    assert ping_of(workspace, "nightly", run=RUN) is None
    workspace.stores.close()
