"""`ccir contacts`: how to reach people when mail and chat are compromised."""

from __future__ import annotations

from ccir.cli.options import command, plain
from ccir.cli.session import Session

app = plain()


@command(app, examples=("ccir contacts", "ccir contacts > card.txt"))
def contacts(session: Session) -> None:
    """Print the out-of-band card: needs no network, no run and no database."""
    people = session.workspace.settings.people
    if session.speech.result({"people": people}):
        return
    organisation = session.workspace.settings.organisation
    session.speech.table(
        ("who", "roles", "out of band", "phone", "mail (may be compromised)"),
        [
            (
                person.name + (" (simulated)" if person.simulated else ""),
                ", ".join(person.roles),
                person.out_of_band or "none in ccir.toml",
                person.phone or "",
                person.email or "",
            )
            for person in people.values()
        ],
        title=f"{organisation.name}: out-of-band contacts",
    )
    session.speech.say("", "Print this card now: it is needed when this machine is not at hand.")
