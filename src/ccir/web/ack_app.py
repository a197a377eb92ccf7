"""Answers requests by acknowledgement links: GET shows, POST confirms, nothing else counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from ccir.engine.notice_acks import AckDesk, AckPage, Expired
from ccir.engine.notice_links import PATH
from ccir.errors import CcirError, UsageError
from ccir.web.ack_pages import HEADERS, NOT_AN_ANSWER, TRY_AGAIN, UNKNOWN, ack_page, expired_text
from ccir.web.ack_words import words_accepted

BODY_LIMIT: Final = 1_024
ANSWER_SECONDS: Final = 12.0
RETRY_SECONDS: Final = 30
_FORM = "application/x-www-form-urlencoded"
_ROBOTS = "User-agent: *\nDisallow: /\n"
_MESSAGES = {404: UNKNOWN, 405: "Links are opened, and answered by their buttons.\n"}

Result = TypeVar("Result")


class OneThread:
    """Does all work with the stores in one thread, one piece after the other."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="acks")

    async def do(self, work: Callable[[], Result]) -> Result:
        """Return what the work returns.

        Raises:
            TimeoutError: it takes longer than `ANSWER_SECONDS`; what has begun is done all the
                same, but nobody is told that it was.
        """
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(
            loop.run_in_executor(self._executor, work), timeout=ANSWER_SECONDS
        )

    def end(self) -> None:
        """Wait for what has begun, and take no more."""
        self._executor.shutdown(cancel_futures=True)


class AckApp:
    """The pages for people who confirm; `report` is told of faults, without a token or address."""

    def __init__(self, desk: AckDesk, *, thread: OneThread, report: Callable[[str], None]) -> None:
        self._desk = desk
        self._thread = thread
        self._report = report

    def routes(self) -> Starlette:
        """Return the application as a server takes it."""
        return Starlette(
            routes=[
                Route(f"{PATH}{{token}}", self._link, methods=["GET", "POST"]),
                Route("/robots.txt", _robots),
            ],
            exception_handlers={HTTPException: _refused, Exception: self._broken},
        )

    async def _link(self, request: Request) -> Response:
        token = str(request.path_params["token"])
        if request.method != "POST":
            return await self._answered(request, lambda: self._desk.look(token))
        try:
            answer = await _answer(request)
        except ClientDisconnect:
            return _plain("", 400)
        if answer is None:
            return _plain(NOT_AN_ANSWER, 413)
        return await self._answered(request, lambda: self._desk.confirm(token, answer))

    async def _answered(
        self, request: Request, work: Callable[[], AckPage | Expired | None]
    ) -> Response:
        try:
            return _shown(request, await self._thread.do(work))
        except UsageError:
            return _plain(NOT_AN_ANSWER, 400)
        except CcirError as error:
            self._report(f"a link was not answered: {error.message}")
            return _again()
        except TimeoutError:
            self._report("a link was not answered: the stores took too long")
            return _again()

    async def _broken(self, request: Request, error: Exception) -> Response:
        del request
        self._report(f"a link was not answered: {type(error).__name__}")
        return _again()


def _shown(request: Request, found: AckPage | Expired | None) -> Response:
    match found:
        case AckPage():
            return HTMLResponse(ack_page(found), headers=HEADERS)
        case Expired():
            words = words_accepted(request.headers.get("accept-language", ""))
            return _plain(expired_text(found, words), 410)
        case None:
            return _plain(UNKNOWN, 404)


async def _answer(request: Request) -> str | None:
    """Return what the form answers, empty where it is none; None where it is too long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_LIMIT:
            return None
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return ""
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=8)
    return fields.get("answer", [""])[0]


async def _robots(request: Request) -> Response:
    del request
    return _plain(_ROBOTS, 200)


async def _refused(request: Request, error: Exception) -> Response:
    del request
    status = error.status_code if isinstance(error, HTTPException) else 400
    return _plain(_MESSAGES.get(status, UNKNOWN), status)


def _again() -> Response:
    return _plain(TRY_AGAIN, 503, **{"Retry-After": str(RETRY_SECONDS)})


def _plain(text: str, status: int, **more: str) -> Response:
    return PlainTextResponse(text, status_code=status, headers={**HEADERS, **more})
