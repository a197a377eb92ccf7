"""Says whether a notice has the form that a channel sends, before a version is stored."""

from __future__ import annotations

from collections.abc import Mapping

from ccir.catalog.notice_text import TemplateText
from ccir.catalog.templates import parse_template
from ccir.channels.interface import Form
from ccir.errors import InvalidDocumentError

_LACKS = {
    "sms": ("sends SMS, and the notice has none", "write 'sms:' into the front matter"),
    "letter": ("sends letters, and the notice is none", "take 'letter: false' out"),
}


def refuse_lacking_form(templates: Mapping[str, str], form: Form, *, channel: str) -> None:
    """Refuse a channel whose form the notice lacks in any of its languages.

    Raises:
        InvalidDocumentError: it does; the languages are named.
    """
    lacking = [
        language
        for language, template in templates.items()
        if not _has(parse_template(template.encode(), f"{language} text"), form)
    ]
    if lacking:
        what, hint = _LACKS[form]
        raise InvalidDocumentError(
            f"the channel '{channel}' {what} in: {', '.join(lacking)}",
            hint=f"{hint}, or choose another channel",
        )


def _has(text: TemplateText, form: Form) -> bool:
    match form:
        case "mail":
            return True
        case "sms":
            return text.sms is not None
        case "letter":
            return text.letter
