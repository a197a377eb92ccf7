from __future__ import annotations

import pytest

from ccir.catalog.environment import RenderError
from ccir.domain.notices import Recipient
from ccir.engine.handle import load
from ccir.engine.notice_texts import NoticeText, letters, notice_text
from ccir.engine.workspace import Workspace
from support.bound_notice import write_rows
from support.cli import Cli

WORDS = {"en": "English", "de": "Deutsch", "fr": "Français"}


def written(cli: Cli, *languages: str, order: str) -> None:
    """Write the notice in these languages only, every part of it in its own words."""
    folder = cli.folder / "notify_templates" / "customers"
    for path in folder.glob("mini.*"):
        path.unlink()
    for language in languages:
        word = WORDS[language]
        (folder / f"mini.{language}.md.j2").write_text(
            f"---\nid: mini\nversion: 1.0.0\naudience: customers\nlanguage: {language}\n"
            f"languages: {order}\nsubject: {word} subject\nsms: {word} sms\n"
            f"requires: [recipient.name]\n---\n{word} text to {{{{ recipient.name }}}}\n",
            encoding="utf-8",
        )


def text_of(workspace: Workspace, run_id: str) -> NoticeText:
    run = load(workspace, run_id).run
    [notice] = [each for each in run.playbook.notices if each.id == "customers"]
    return notice_text(workspace, run, notice)


def test_the_declared_order_says_which_language_is_fallen_back_to(
    begun: Cli, workspace: Workspace, run_id: str
) -> None:
    written(begun, "de", "en", order="[en, de]")
    assert text_of(workspace, run_id).languages == ("en", "de")
    written(begun, "de", "en", order="[fr, de, en]")
    assert text_of(workspace, run_id).languages == ("de", "en")


def test_a_message_is_whole_in_one_language_and_never_mixed(begun: Cli) -> None:
    written(begun, "de", "en", order="[en, de]")
    path = write_rows(begun, "language", "en", "fr", "de", "")
    words = ("--recipients", path, "--channel", "files", "--json")
    document = begun("notice", "preview", "customers", *words).json
    assert document["languages"] == {"de": 1, "en": 3}
    for language, sample in document["samples"].items():
        word = WORDS[language]
        assert sample["language"] == language
        assert f'<html lang="{language}">' in sample["html"]
        for part in ("subject", "text", "html", "sms"):
            assert word in sample[part]
            assert not [each for each in WORDS.values() if each != word and each in sample[part]]


def test_a_language_without_a_text_is_an_error_and_no_other_text(
    begun: Cli, workspace: Workspace, run_id: str
) -> None:
    written(begun, "en", order="[en]")
    writer = letters(text_of(workspace, run_id))
    with pytest.raises(RenderError, match="has no text in 'fr'"):
        writer.render(Recipient(row=1, address="a@b.example", name="Ann", language="fr"))
