from __future__ import annotations

import asyncio
import threading
from typing import Any, cast

import pytest

from ccir.engine.notice_acks import AckDesk, AckPage, Expired
from ccir.web.ack_app import AckApp, OneThread


class BrokenDesk:
    """A desk with a fault that nobody foresaw."""

    def look(self, token: str) -> AckPage | Expired | None:
        raise ValueError(token)


def _asked(app: AckApp, scope: dict[str, Any]) -> list[Any]:
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401 - whatever the server is told
        said.append(message)

    async def ask() -> None:
        whole = {
            "type": "http",
            "path": "/a/secret",
            "headers": [],
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "server": ("127.0.0.1", 80),
            **scope,
        }
        await app.routes()(whole, receive, send)

    asyncio.run(ask())
    return said


@pytest.fixture
def app_and_reports() -> Any:  # noqa: ANN401 - a pair and the end
    thread, said = OneThread(), list[str]()
    yield AckApp(cast("AckDesk", BrokenDesk()), thread=thread, report=said.append), said
    thread.end()


def test_a_fault_that_nobody_foresaw_is_no_confirmation_and_shows_no_link(
    app_and_reports: tuple[AckApp, list[str]],
) -> None:
    app, said = app_and_reports
    with pytest.raises(ValueError, match="secret"):  # Starlette answers, then hands it on
        _asked(app, {"method": "GET"})
    assert said == ["a link was not answered: ValueError"]


def test_a_browser_that_leaves_while_it_sends_is_no_confirmation(
    app_and_reports: tuple[AckApp, list[str]],
) -> None:
    app, said = app_and_reports
    [begun, *_] = _asked(app, {"method": "POST"})
    assert begun["status"] == 400
    assert said == []


def test_work_is_done_one_piece_after_the_other_in_one_thread() -> None:
    thread = OneThread()

    async def work() -> set[int]:
        return {await thread.do(threading.get_ident) for _ in range(5)}

    found = asyncio.run(work())
    thread.end()
    assert len(found) == 1
    assert threading.get_ident() not in found
