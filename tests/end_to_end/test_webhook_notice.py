"""A notice through a webhook, from the preview to the ledger, and its receiver as documented."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.centre import make_centre, write_list
from support.cli import Cli
from support.mini import add_mini
from support.webhooks import KEY, TOKEN, Answer, Posted, RawService, WebService, key_file

PAGE = Path(__file__).parents[2] / "docs/how-to/notices.md"
_HOOK = """\
[channels.hook]
kind = "webhook"
url = "http://127.0.0.1:{port}/{token}"
secret_file = "hook.key"
allow_private = true
"""


@pytest.fixture
def service() -> Iterator[WebService]:
    with WebService() as running:
        yield running


@pytest.fixture
def checked() -> Callable[..., dict[str, str]]:
    """The receiver's check, as the how-to page gives it."""
    example = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0]
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102 - the page's example is what is tested
    found: Callable[..., dict[str, str]] = names["checked"]
    return found


def approved(folder: Path, *, port: int) -> Cli:
    """A run whose notice to three customers through the webhook may be sent."""
    cli = make_centre(folder / "centre", more=_HOOK.format(port=port, token=TOKEN))
    key_file(cli.folder)
    add_mini(cli.folder)
    cli("start", "mini", "--fact", "records=4100", "--fact", "awareness=08:30")
    path = write_list(cli.folder, name="affected")
    cli("notice", "preview", "customers", "--recipients", path, "--channel", "hook")
    cli("notice", "approve", "customers")
    cli("notice", "approve", "customers", "--as", "kim")
    return cli


def test_each_recipient_is_told_once_whatever_the_service_says(
    tmp_path: Path, service: WebService, checked: Callable[..., dict[str, str]]
) -> None:
    put_off: list[str] = []

    def decide(posted: Posted) -> Answer | None:
        address = json.loads(posted.body)["address"]
        if address.startswith("affected1") and not put_off:
            put_off.append(address)
            return Answer(500)
        return Answer(422, b"affected2@example.net is unknown") if "affected2" in address else None

    service.decide = decide
    cli = approved(tmp_path, port=service.port)
    assert service.posted == []
    sent = cli.json("notice", "send", "customers", "--yes", status=1)
    assert (sent["counts"]["accepted"], sent["counts"]["refused"]) == (2, 1)
    again = cli("notice", "send", "customers", "--yes", status=1)
    assert "nothing is left to send" in again.out

    messages = [posted.body for posted in service.posted]
    told = [json.loads(body)["address"].partition("@")[0] for body in messages]
    assert told == ["affected0", "affected1", "affected2", "affected1"], "nobody waits for her"
    assert messages[1] == messages[3]
    first = service.posted[0]
    now = int(first.headers["X-Ccir-Timestamp"])
    message = checked(first.headers, first.body, KEY.encode(), now=lambda: now)
    assert message["subject"] == "Dear Person 0"
    assert "4100 records are affected." in message["text"]
    shown = "".join(cli(*words).out for words in (("log",), ("report",), ("doctor",)))
    shown += cli("notice", "status", "customers").out
    assert "HTTP 422" in shown
    assert not [secret for secret in (TOKEN, KEY, "affected2@", "is unknown") if secret in shown]


def test_the_documented_receiver_refuses_what_is_not_right(
    tmp_path: Path, service: WebService, checked: Callable[..., dict[str, str]]
) -> None:
    approved(tmp_path, port=service.port)("notice", "send", "customers", "--yes")
    posted = service.posted[0]
    now = int(posted.headers["X-Ccir-Timestamp"])
    key = KEY.encode()
    other = {**posted.headers, "Idempotency-Key": "other"}
    for headers, body, secret, moment in (
        (posted.headers, posted.body + b" ", key, now),
        (posted.headers, posted.body, b"another key of it", now),
        (posted.headers, posted.body, key, now + 301),
        (other, posted.body, key, now),
    ):
        with pytest.raises(PermissionError):
            checked(headers, body, secret, now=lambda moment=moment: moment)


def test_a_lost_reply_leaves_a_doubt_that_is_never_sent_again(tmp_path: Path) -> None:
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    with RawService((ok, b"HTTP/1.1 2"), (ok,)) as raw:
        cli = approved(tmp_path, port=raw.port)
        sent = cli.json("notice", "send", "customers", "--yes", status=1)
        cli("notice", "send", "customers", "--yes", status=1)
    assert (sent["counts"]["accepted"], sent["counts"]["unknown"]) == (2, 1)
    assert len(raw.requests) == 3


def test_a_service_that_is_away_leaves_the_rows_planned(
    tmp_path: Path, service: WebService
) -> None:
    cli = approved(tmp_path, port=service.port)
    settings = cli.folder / "ccir.toml"
    right = settings.read_text(encoding="utf-8")
    settings.write_text(right.replace(f":{service.port}/", ":1/"), encoding="utf-8")
    away = cli("notice", "send", "customers", "--yes", status=3)
    assert "cannot be reached" in away.err + away.out
    assert TOKEN not in away.err + away.out
    settings.write_text(right, encoding="utf-8")
    cli("notice", "send", "customers", "--yes")
    assert len(service.posted) == 3
