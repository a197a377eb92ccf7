"""One row of a list taken apart: who it names, or why it names nobody."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ccir.channels.mime import has_control_character
from ccir.delivery.recipient_addresses import checked_address
from ccir.delivery.recipient_flags import taken_flags
from ccir.delivery.recipient_lines import UnreadableLineError
from ccir.delivery.recipient_phones import PhoneForm, phone_form
from ccir.domain.manual_queue import QueueReason
from ccir.domain.notices import Recipient
from ccir.domain.residence import residence

_CHANNEL = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class RowReader:
    """Takes rows apart; `odd_phones` counts the numbers that are none, and were left as they are.

    `languages` maps the lower-case tag to the one the notice uses. `de-AT` finds `de`.
    """

    def __init__(self, languages: Mapping[str, str]) -> None:
        self._languages = languages
        self._phone_form: PhoneForm | None = None
        self._knows_phones = False
        self.odd_phones = 0

    def read(
        self, values: dict[str, str], *, row: int
    ) -> tuple[Recipient, tuple[QueueReason, ...]]:
        """Return whom a row names, with her flags; takes what it uses out of `values`.

        Her `language` is empty where hers is not among those of the notice.

        Raises:
            UnreadableLineError: the row names nobody who can be told; no address is in the words.
        """
        _refuse_controls(values)
        address = checked_address(values.pop("email"))
        flags = taken_flags(values)
        home = residence(values)
        if values.get("phone"):
            values["phone"] = self._phone(values["phone"], home.country)
        recipient = Recipient(
            row=row,
            address=address,
            name=values.pop("name"),
            language=self._language(values.pop("language")),
            columns=values,
            country=home.country,
            subdivision=home.subdivision,
            channel=_channel(values.get("channel", "")),
        )
        return recipient, flags

    def _language(self, wish: str) -> str:
        if wish in self._languages:
            return self._languages[wish]
        wish = wish.lower().replace("_", "-")
        return self._languages.get(wish) or self._languages.get(wish.partition("-")[0], "")

    def _phone(self, text: str, country: str) -> str:
        if not self._knows_phones:  # only a list with numbers pays for the library
            self._phone_form, self._knows_phones = phone_form(), True
        if self._phone_form is None:
            return text
        number = self._phone_form(text, country)
        self.odd_phones += number is None
        return text if number is None else number


def _channel(text: str) -> str:
    word = text.strip().lower()
    return word if _CHANNEL.fullmatch(word) else ""


def _refuse_controls(values: Mapping[str, str]) -> None:
    if all(map(str.isprintable, values.values())):
        return
    for column, value in values.items():
        if has_control_character(value):
            raise UnreadableLineError(f"a control character in '{column}'")
