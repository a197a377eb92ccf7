"""A notice's pinned text: templates of every language with the values they are filled with."""

from __future__ import annotations

import msgspec

from ccir.catalog.environment import RenderError
from ccir.catalog.rendering import CompiledTemplate, RenderedText, compile_template
from ccir.catalog.sources import Source
from ccir.catalog.templates import load_template
from ccir.domain.events import FactValue
from ccir.domain.facts import moment_of
from ccir.domain.moments import shown, zone_of
from ccir.domain.notices import Recipient
from ccir.domain.playbook import Notice
from ccir.domain.run import Run, VersionRecord
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, StoreDamagedError

Values = dict[str, dict[str, FactValue]]


class NoticeText(msgspec.Struct, frozen=True, kw_only=True):
    """What is pinned of a notice: its languages, the fallback first, and all but the recipient.

    `templates` holds each language's file as it was; `values` the organisation, the run, the
    notice and the facts.
    """

    languages: tuple[str, ...]
    templates: dict[str, str]
    values: Values


class Letters:
    """Writes the messages of one version."""

    def __init__(self, text: NoticeText) -> None:
        self._values = text.values
        self._templates: dict[str, CompiledTemplate] = {
            language: compile_template(template, f"{language} text")
            for language, template in text.templates.items()
        }

    def render(self, recipient: Recipient) -> RenderedText:
        """Return one recipient's message.

        Raises:
            RenderError: a value is missing or cannot stand in a subject.
        """
        template = self._templates.get(recipient.language)
        if template is None:
            raise RenderError(
                f"the notice has no text in '{recipient.language}'", hint="preview it again"
            )
        own = {"name": recipient.name, "email": recipient.address, "language": recipient.language}
        columns = {name: value for name, value in recipient.columns.items() if value.strip()}
        return template.render({**self._values, "recipient": {**columns, **own}})


def letters(text: NoticeText) -> Letters:
    """Return what writes the messages of a pinned text."""
    return Letters(text)


def notice_text(workspace: Workspace, run: Run, notice: Notice) -> NoticeText:
    """Return the notice's text as it would be pinned now.

    Raises:
        NotFoundError: there is no template of that audience and id.
        InvalidDocumentError: a template has errors.
    """
    found = {source: load_template(source) for source in _templates(workspace, notice)}
    languages = tuple(template.language for template in found.values())
    wished = next(iter(found.values())).languages
    return NoticeText(
        languages=tuple(sorted(languages, key=lambda name: _place(wished, name))),
        templates={
            template.language: source.read().decode("utf-8") for source, template in found.items()
        },
        values=_values(workspace, run, notice),
    )


def texts_of(workspace: Workspace, version: VersionRecord) -> NoticeText:
    """Return the text that a version was stored with.

    Raises:
        StoreDamagedError: it is lost or was erased.
    """
    octets = workspace.stores.people.unseal_bytes(version.text)
    if octets is None:
        raise StoreDamagedError(
            f"the text of version {version.version} is not there any more",
            hint="preview the notice again",
        )
    return msgspec.json.decode(octets, type=NoticeText)


def _templates(workspace: Workspace, notice: Notice) -> list[Source]:
    beginning = f"{notice.audience}/{notice.template}."
    found = [
        source
        for source in workspace.sources.list("notify_templates")
        if source.id.startswith(beginning)
    ]
    if not found:
        raise NotFoundError(
            f"notice '{notice.id}' has no template '{beginning}<language>'",
            hint=f"write notify_templates/{beginning}en.md.j2",
        )
    return found


def _place(wished: tuple[str, ...], language: str) -> int:
    return wished.index(language) if language in wished else len(wished)


def _values(workspace: Workspace, run: Run, notice: Notice) -> Values:
    organisation = msgspec.structs.asdict(workspace.settings.organisation)
    latest = run.latest(notice.id)
    return {
        "organisation": {
            name: str(value) for name, value in organisation.items() if value is not None
        },
        "run": {"id": run.id, "started_at": _moment(run, str(run.started_at))},
        "notice": {"id": notice.id, "version": 1 if latest is None else latest.version + 1},
        "facts": _facts(run),
    }


def _facts(run: Run) -> dict[str, FactValue]:
    stated = {name: run.fact(name) for name in run.facts}
    return {
        name: _moment(run, entry.value) if _is_moment(run, name) else entry.value
        for name, entry in stated.items()
        if entry is not None
    }


def _is_moment(run: Run, name: str) -> bool:
    fact = run.playbook.fact(name)
    return fact is not None and fact.kind == "moment"


def _moment(run: Run, value: FactValue) -> FactValue:
    moment = moment_of(value)
    return value if moment is None else shown(moment, zone_of(run.zone))
