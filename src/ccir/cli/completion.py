"""What the shell offers while a command is typed: ids that the workspace knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccir.catalog.sources import Kind
    from ccir.domain.run import Run
    from ccir.engine.workspace import Workspace

Names = list[str]


def complete_runs(incomplete: str) -> Names:
    """Offer the ids of runs."""
    return _offered(
        incomplete, lambda workspace: (row.id for row in workspace.stores.events.runs())
    )


def complete_people(incomplete: str) -> Names:
    """Offer the ids of people."""
    return _offered(incomplete, lambda workspace: workspace.settings.people)


def complete_targets(incomplete: str) -> Names:
    """Offer the ids of backup targets."""
    return _offered(incomplete, lambda workspace: workspace.settings.targets)


def complete_channels(incomplete: str) -> Names:
    """Offer the names of channels."""
    return _offered(incomplete, lambda workspace: workspace.settings.channels)


def complete_playbooks(incomplete: str) -> Names:
    """Offer the ids of playbooks."""
    return _documents(incomplete, "playbooks")


def complete_drills(incomplete: str) -> Names:
    """Offer the ids of drills."""
    return _documents(incomplete, "drills")


def complete_steps(incomplete: str) -> Names:
    """Offer the steps of the only open run."""
    return _of_run(incomplete, lambda run: (step.id for step in run.playbook.steps))


def complete_facts(incomplete: str) -> Names:
    """Offer the facts of the only open run, with the sign that a value follows."""
    return _of_run(incomplete, lambda run: (f"{fact.id}=" for fact in run.playbook.facts))


def complete_rules(incomplete: str) -> Names:
    """Offer the ids of rules of duties, of contracts and of reports that follow."""
    from ccir.engine.run_clocks import present_rulebook

    def rules(workspace: Workspace) -> Iterable[str]:
        return (entry.duty.rule.id for entry in present_rulebook(workspace).entries())

    return _offered(incomplete, rules)


def complete_roles(incomplete: str) -> Names:
    """Offer the roles of the only open run."""
    return _of_run(incomplete, lambda run: (role.id for role in run.playbook.roles))


def complete_notices(incomplete: str) -> Names:
    """Offer the notices of the only open run."""
    return _of_run(incomplete, lambda run: (notice.id for notice in run.playbook.notices))


def _documents(incomplete: str, kind: Kind) -> Names:
    from ccir.catalog.sources import Sources

    own = _offered(incomplete, lambda workspace: (s.id for s in workspace.sources.list(kind)))
    return own or _beginning(incomplete, (source.id for source in Sources(None).list(kind)))


def _of_run(incomplete: str, names: Callable[[Run], Iterable[str]]) -> Names:
    from ccir.engine.handle import load, which_run

    return _offered(
        incomplete,
        lambda workspace: names(
            load(workspace, which_run(workspace, workspace.environment.run)).run
        ),
    )


def _offered(incomplete: str, names: Callable[[Workspace], Iterable[str]]) -> Names:
    """Return what fits; where the workspace cannot be read, the shell is offered nothing."""
    from ccir.clock import SystemClock
    from ccir.config.environment import environment
    from ccir.engine.opening import open_workspace
    from ccir.engine.surroundings import Surroundings
    from ccir.entropy import SystemEntropy
    from ccir.errors import CcirError

    around = Surroundings(
        clock=SystemClock(), entropy=SystemEntropy(), environment=environment(), here=Path.cwd()
    )
    try:
        return _beginning(incomplete, names(open_workspace(around, None)))
    except CcirError:
        return []


def _beginning(incomplete: str, names: Iterable[str]) -> Names:
    return sorted(name for name in names if name.startswith(incomplete))
