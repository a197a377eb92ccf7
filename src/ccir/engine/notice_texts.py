"""A notice's pinned text: templates of every language with the values they are filled with."""

from __future__ import annotations

import msgspec

from ccir.catalog.localised import LocalForms
from ccir.catalog.sources import Source
from ccir.catalog.templates import load_template
from ccir.delivery.letter_text import Letters, LetterText
from ccir.domain.events import FactValue
from ccir.domain.facts import moment_of
from ccir.domain.moments import shown, zone_of
from ccir.domain.playbook import Notice
from ccir.domain.run import Run, VersionRecord
from ccir.engine.notice_links import stand_in
from ccir.engine.notice_locales import local_forms
from ccir.engine.workspace import Workspace
from ccir.errors import NotFoundError, StoreDamagedError

Values = dict[str, dict[str, FactValue]]


class NoticeText(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is pinned of a notice: its languages, the fallback first, and all but the recipient.

    `templates` holds each language's file as it was; `values` the organisation, the run, the
    notice and the facts, and under `recipient` what stands for her link. `local` has the forms in
    which a language writes moments and numbers.
    """

    languages: tuple[str, ...]
    templates: dict[str, str]
    values: Values
    local: dict[str, LocalForms] = {}


def letter_text(text: NoticeText) -> LetterText:
    """Return what the messages of a pinned text are made of."""
    return LetterText(templates=text.templates, values=text.values, local=text.local)


def letters(text: NoticeText) -> Letters:
    """Return what writes the messages of a pinned text, here and now."""
    return Letters(letter_text(text))


def notice_text(
    workspace: Workspace, run: Run, notice: Notice, *, is_personal: bool = True
) -> NoticeText:
    """Return the notice's text as it would be pinned now.

    Raises:
        NotFoundError: there is no template of that audience and id.
        InvalidDocumentError: a template has errors.
    """
    found = {source: load_template(source) for source in _templates(workspace, notice)}
    languages = tuple(template.language for template in found.values())
    wished = next(iter(found.values())).languages
    templates = {
        template.language: source.read().decode("utf-8") for source, template in found.items()
    }
    return NoticeText(
        languages=tuple(sorted(languages, key=lambda name: _place(wished, name))),
        templates=templates,
        values={
            **_values(workspace, run, notice),
            **_stand_ins(stand_in(workspace, notice, found.values(), is_personal=is_personal)),
        },
        local={
            language: forms
            for language, template in templates.items()
            if (forms := local_forms(run, language, template))
        },
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


def _stand_ins(link: dict[str, str]) -> Values:
    return {"recipient": {**link}} if link else {}


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
