from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from ccir.reports.environment import environment


def test_a_form_that_names_what_is_not_there_fails() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ nothing }}").render()


@pytest.mark.parametrize("name", ["report.html.j2", "parts.html.j2"])
def test_forms_in_html_escape_by_themselves(name: str) -> None:
    form = environment().get_template(name)
    assert environment().autoescape(form.name)  # type: ignore[operator] # chosen by the name
    assert not environment().autoescape("report.md.j2")  # type: ignore[operator] # as above
