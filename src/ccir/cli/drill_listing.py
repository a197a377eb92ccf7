"""`ccir drill list`: which drills there are, and what each of them would restore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccir.cli.session import Session

if TYPE_CHECKING:
    from ccir.domain.drills import Drill


def list_(session: Session) -> None:
    """List the drills of the workspace and those shipped with ccir.

    `every` is how often one is due, if it has a schedule. The target is a purpose; the one that
    `ccir.toml` binds to it stands in brackets where it is called otherwise.
    """
    from ccir.catalog.documents import load_drill
    from ccir.config.choice import binding
    from ccir.engine.families import check_arguments

    settings = session.workspace.settings
    found = [
        (source, load_drill(source, check_arguments()))
        for source in session.workspace.sources.list("drills")
    ]
    bound = [binding(settings, drill.target, "targets") for _, drill in found]
    documents = [
        {
            "id": drill.id,
            "version": drill.version,
            "target": drill.target,
            "title": drill.title,
            "origin": source.origin,
            "shadows": source.shadows,
            "mode": drill.mode,
            "every": _every(drill),
            "bound_to": target,
        }
        for (source, drill), target in zip(found, bound, strict=True)
    ]
    if session.speech.result({"drills": documents}):
        return
    session.speech.table(
        ("drill", "version", "mode", "every", "target", "from", "title"),
        [
            (
                drill.id,
                drill.version,
                drill.mode,
                _every(drill) or "-",
                _bound(drill.target, target),
                source.origin + (", shadows the shipped one" if source.shadows else ""),
                drill.title,
            )
            for (source, drill), target in zip(found, bound, strict=True)
        ],
        folding=3,
    )


def _every(drill: Drill) -> str | None:
    return None if drill.schedule is None else drill.schedule.every


def _bound(purpose: str, target: str | None) -> str:
    return purpose if purpose == target else f"{purpose} ({target or 'not bound'})"
