from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccir.domain.notices import Receipt
from ccir.engine.alert_sending import alert_message, sent, worst
from ccir.engine.channels import channel_named
from ccir.engine.opening import open_workspace
from ccir.engine.workspace import Workspace
from support.centre import make_centre

REFUSED = Receipt(state="refused-permanent", reply="no")
TAKEN = Receipt(state="accepted", reply="written")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    cli = make_centre(tmp_path / "centre")
    workspace = open_workspace(cli.surroundings, cli.folder)
    yield workspace
    workspace.stores.close()


def test_an_alert_goes_to_each_address_in_a_message_of_its_own(workspace: Workspace) -> None:
    channel = channel_named(workspace, "files")
    messages = {
        name: alert_message(
            workspace, channel, f"{name}@example.org", run="DR-1", subject="s", text="t"
        )
        for name in ("alex", "kim")
    }
    assert len({message.message_id for message in messages.values()}) == 2
    found = sent(channel, messages)
    assert {name: receipt.state for name, receipt in found.items()} == {
        "alex": "accepted",
        "kim": "accepted",
    }
    assert len(list((workspace.folder / "outbox").glob("*.eml"))) == 2


def test_a_channel_that_is_away_refuses_every_message(workspace: Workspace) -> None:
    (workspace.folder / "outbox").write_text("no folder")
    channel = channel_named(workspace, "files")
    message = alert_message(workspace, channel, "a@example.org", run="DR-1", subject="s", text="t")
    found = sent(channel, {"alex": message})
    assert (found["alex"].state, found["alex"].retryable) == ("refused-temporary", True)


def test_the_worst_answer_is_the_first_that_is_no_acceptance() -> None:
    assert worst({"alex": TAKEN, "kim": REFUSED}) == REFUSED
    assert worst({"alex": TAKEN}) == Receipt(state="accepted")
