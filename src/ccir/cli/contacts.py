"""`ccir contacts`: how to reach people when mail and chat are compromised."""

from __future__ import annotations

from ccir.cli.options import command, plain
from ccir.cli.session import Session
from ccir.config.settings import Person

app = plain()


@command(app, examples=("ccir contacts", "ccir contacts > card.txt"))
def contacts(session: Session) -> None:
    """Print the out-of-band card.

    Needs no network, no run and no database.
    """
    people = session.workspace.settings.people
    if session.speech.result({"people": people}):
        return
    organisation = session.workspace.settings.organisation
    session.speech.say(f"{organisation.name}: out-of-band contacts")
    for person in people.values():
        session.speech.say("", person.name + (" (simulated)" if person.simulated else ""))
        for label, text in _ways(person):
            session.speech.say(f"  {label:<12} {text}")
    session.speech.say("", "Print this card now: it is needed when this machine is not at hand.")


def _ways(person: Person) -> list[tuple[str, str]]:
    ways = [
        ("roles", ", ".join(person.roles)),
        ("out of band", person.out_of_band or "none in ccir.toml"),
        ("phone", person.phone or ""),
        ("mail", f"{person.email} (may be compromised)" if person.email else ""),
    ]
    return [(label, text) for label, text in ways if text]
