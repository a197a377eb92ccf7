"""Rules of the table `[drills]`: one address to call, a channel that is there, people to tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ccir.config.complaints import Complaint, suggestion

Tables = Mapping[str, object]
_PERSONAL = ("smtp", "outbox")  # each message goes to a person; the other kinds are a room


def broken_drill_rules(drills: Tables, document: Tables) -> Iterator[Complaint]:
    """Yield what breaks a rule; values of a wrong shape are passed over."""
    if "ping_url" in drills and "ping_url_file" in drills:
        yield Complaint(
            path=("drills", "ping_url_file"),
            message="there are two sources of the ping's address",
            hint="keep ping_url_file: whoever knows the address may call it",
        )
    yield from _channel(drills, _tables(document, "channels"))
    yield from _people(drills, _tables(document, "people"))


def _channel(drills: Tables, channels: Tables) -> Iterator[Complaint]:
    name = drills.get("alert")
    if not isinstance(name, str):
        return
    channel = channels.get(name)
    if channel is None:
        yield Complaint(
            path=("drills", "alert"),
            message=f"no channel is called {name!r}",
            hint=suggestion(name, channels) or "add its table, or take this line away",
        )
    elif isinstance(channel, dict) and channel.get("kind") in _PERSONAL and not _told(drills):
        yield Complaint(
            path=("drills", "alert"),
            message=f"channel {name!r} writes to people, but nobody is named",
            hint='say whom: alert_to = ["alex"]',
        )


def _people(drills: Tables, people: Tables) -> Iterator[Complaint]:
    for name in _told(drills):
        person = people.get(name)
        if person is None:
            yield Complaint(
                path=("drills", "alert_to"),
                message=f"no person of this workspace has the id {name!r}",
                hint=suggestion(name, people) or f"add [people.{name}]",
            )
        elif isinstance(person, dict) and "email" not in person:
            yield Complaint(
                path=("drills", "alert_to"),
                message=f"{name!r} has no mail address",
                hint=f"add email to [people.{name}]",
            )


def _told(drills: Tables) -> list[str]:
    names = drills.get("alert_to")
    return [each for each in names if isinstance(each, str)] if isinstance(names, list) else []


def _tables(document: Tables, name: str) -> Tables:
    found = document.get(name)
    return found if isinstance(found, dict) else {}
