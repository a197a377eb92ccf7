"""Reading `ccir.toml`: what it gives, and what it says about a wrong one."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccir.config.complaints import SettingsError
from ccir.config.loading import LIMIT_BYTES, channel_settings, load_settings
from ccir.errors import InvalidDocumentError, NotFoundError, UnavailableError

Write = Callable[[str], Path]

WHOLE = """
[people.alex]
name = "Alex Kim"
login = "alex"
roles = ["commander", "scribe"]

[targets.crm]
tool = "restic"
repository = "backup/crm"
password_file = "/etc/ccir/crm.password"
hosts = ["crm1"]
rpo = "24h"
rto = "90m"
environment_file = "secrets/crm.env"

[targets.calls]
tool = "restic"
repository = "sftp:ops@host:/srv/calls"
password_command = ["pass", "show", "calls"]

[bindings]
customer-records = "crm"
customer-mail = "mail"

[channels.mail]
kind = "smtp"
host = "127.0.0.1"
port = 25

[approvals]
two_person = "accounts"

[restore]
scratch = "/var/tmp/ccir"
"""

A_REPOSITORY = "a path, or an address such as sftp:host:/path or s3:host/bucket"


class MailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    host: str
    port: int = 25
    ca_file: Path | None = None


def complaints_about(folder: Path) -> list[tuple[int, str, str, str]]:
    with pytest.raises(SettingsError) as caught:
        load_settings(folder)
    return [(c.line, ".".join(c.path), c.message, c.hint) for c in caught.value.complaints]


def test_a_whole_file_becomes_typed_settings(write: Write) -> None:
    folder = write(WHOLE)

    settings = load_settings(folder)

    assert str(settings.organisation.timezone) == "Europe/Berlin"
    assert settings.people["alex"].roles == ("commander", "scribe")
    assert not settings.people["alex"].simulated
    assert settings.targets["crm"].rpo_seconds == 86_400
    assert settings.targets["crm"].rto_seconds == 5_400
    assert settings.targets["calls"].rpo_seconds is None
    assert settings.bindings == {"customer-records": "crm", "customer-mail": "mail"}
    assert settings.channels["mail"].kind == "smtp"
    assert settings.channels["mail"].settings == {"host": "127.0.0.1", "port": 25}
    assert settings.approvals.two_person == "accounts"
    assert settings.scratch == Path("/var/tmp/ccir")


def test_relative_paths_lie_in_the_workspace_and_addresses_stay_as_they_are(write: Write) -> None:
    folder = write(WHOLE)

    targets = load_settings(folder).targets

    assert targets["crm"].repository == str(folder / "backup" / "crm")
    assert targets["crm"].environment_file == folder / "secrets" / "crm.env"
    assert targets["crm"].password_file == Path("/etc/ccir/crm.password")
    assert targets["calls"].repository == "sftp:ops@host:/srv/calls"


def test_a_relative_workspace_gives_absolute_paths(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(WHOLE)
    monkeypatch.chdir(folder)

    settings = load_settings(Path())

    assert settings.folder == folder
    assert settings.targets["crm"].repository == str(folder / "backup" / "crm")


def test_every_mistake_is_told_at_once_with_its_line(write: Write) -> None:
    folder = write(
        "[people.alex]\n"
        'name = "Alex Kim"\n'
        'emial = "alex@example.org"\n'
        'roles = ["Commander"]\n'
        "[targets.crm]\n"
        'tool = "restic"\n'
        'rpo = "1mo"\n'
        "[approvals]\n"
        'two_person = "acounts"\n'
        "[chanels.mail]\n"
        "[bindings]\n"
        'customer-records = "crn"\n'
    )

    assert complaints_about(folder) == [
        (6, "people.alex.emial", "unknown key", "did you mean 'email'?"),
        (
            7,
            "people.alex.roles",
            "expected a list, each an id of small letters, digits and hyphens, at most 64 of them",
            "",
        ),
        (
            8,
            "targets.crm",
            "'repository' is missing",
            f"add it under [targets.crm]: {A_REPOSITORY}",
        ),
        (
            10,
            "targets.crm.rpo",
            "expected a time in minutes, hours, days or weeks: 15m, 24h, 7d, 2w",
            "months have no fixed length",
        ),
        (12, "approvals.two_person", "expected 'people' or 'accounts'", ""),
        (13, "chanels", "unknown key", "did you mean 'channels'?"),
        (
            15,
            "bindings.customer-records",
            "no target and no channel is called 'crn'",
            "did you mean 'crm'?",
        ),
    ]


def test_the_message_names_file_line_and_column(write: Write) -> None:
    folder = write('[people.alex]\nname = "Alex"\n  emial = "x"\n')

    with pytest.raises(InvalidDocumentError) as caught:
        load_settings(folder)

    place = f"{folder}/ccir.toml:6:3"
    assert caught.value.message == (
        f"{place}: people.alex.emial: unknown key (did you mean 'email'?)"
    )
    assert caught.value.exit_status == 2
    assert "ccir doctor" in caught.value.hint


def test_many_mistakes_are_counted_and_not_all_printed(write: Write) -> None:
    folder = write("[restore]\n" + "".join(f"wrong{number} = 1\n" for number in range(60)))

    with pytest.raises(SettingsError) as caught:
        load_settings(folder)

    assert len(caught.value.complaints) == 60
    assert "has 60 errors" in caught.value.message
    assert caught.value.message.endswith("… and 10 more")


def test_no_value_is_repeated_in_a_complaint(write: Write) -> None:
    folder = write('[channels.team]\nkind = "apprise"\nurl = 1979-05-27\n[targets.crm]\ntool = 5\n')

    with pytest.raises(SettingsError) as caught:
        load_settings(folder)

    assert "1979" not in caught.value.message


def test_a_text_that_is_no_toml_is_told_with_line_and_column(write: Write) -> None:
    folder = write("[people.alex\n")

    with pytest.raises(SettingsError, match=r"ccir\.toml:4:13: this is not TOML"):
        load_settings(folder)


def test_a_text_that_ends_too_early_is_told_at_its_end(write: Write) -> None:
    folder = write('[people.alex]\nname = """Alex')

    with pytest.raises(SettingsError, match=r"ccir\.toml:5:1: this is not TOML"):
        load_settings(folder)


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"# fine\n\xff = 1\n", r"ccir\.toml:2:1: this is not UTF-8"),
        (b"#" * (LIMIT_BYTES + 1), "larger than 256 KiB"),
        (b"a = " + b"[" * 20_000, "nested too deeply|not TOML"),
        (b"a = " + b"9" * 5_000, "not TOML"),
        (b"", r"'organisation' is missing \(add it as \[organisation\]\)"),
        (b"organisation = 1", "organisation: expected a table"),
        (b"people = 1", "people: expected a table"),
    ],
)
def test_bytes_that_are_no_settings_are_refused(tmp_path: Path, octets: bytes, words: str) -> None:
    (tmp_path / "ccir.toml").write_bytes(octets)

    with pytest.raises(SettingsError, match=words):
        load_settings(tmp_path)


def test_a_mark_at_the_beginning_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    text = '\ufeff[organisation]\r\nname = "Example"\r\ntimezone = "UTC"\r\n'
    (tmp_path / "ccir.toml").write_bytes(text.encode())

    assert load_settings(tmp_path).organisation.name == "Example"


def test_a_folder_without_settings_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        load_settings(tmp_path)

    assert "ccir init" in caught.value.hint


def test_settings_that_may_not_be_read_are_unavailable(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write("")

    def deny(*_arguments: object) -> object:  # root, as whom tests may run, can read anything
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    with pytest.raises(UnavailableError, match="Permission denied"):
        load_settings(folder)


def test_a_pipe_in_place_of_the_settings_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ccir.toml")

    with pytest.raises(NotFoundError):
        load_settings(tmp_path)


def test_a_channel_gets_the_type_of_its_kind(write: Write) -> None:
    settings = load_settings(
        write('[channels.mail]\nkind = "smtp"\nhost = "mx"\nca_file = "ca.pem"\n')
    )

    mail = channel_settings(settings, "mail", MailSettings)

    assert mail == MailSettings(host="mx", port=25, ca_file=settings.folder / "ca.pem")


def test_a_channels_mistakes_are_told_with_their_lines(write: Write) -> None:
    settings = load_settings(
        write('[channels.mail]\nkind = "smtp"\nhots = "127.0.0.1"\nport = "25"\n')
    )

    with pytest.raises(SettingsError) as caught:
        channel_settings(settings, "mail", MailSettings)

    assert [(c.line, c.path[-1], c.message) for c in caught.value.complaints] == [
        (4, "mail", "'host' is missing"),
        (6, "hots", "unknown key"),
        (7, "port", "expected int, got str"),
    ]


PIECES = st.sampled_from(
    [
        "[organisation]",
        "[people.alex]",
        "[targets.crm]",
        "[channels.mail]",
        "[bindings]",
        "name",
        '"Example"',
        "timezone",
        '"UTC"',
        "=",
        "\n",
        ".",
        "[",
        "]",
        "{",
        "}",
        ",",
        "1",
        "1e999",
        "nan",
        "true",
        "1979-05-27",
        "07:32:00",
        "'''",
        '"""',
        "\\",
        "#",
        "\r",
        "\0",
        "é",
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
def test_any_text_is_loaded_or_refused_as_an_invalid_document(
    shared_folder: Path, text: str
) -> None:
    folder = shared_folder
    (folder / "ccir.toml").write_text(text, encoding="utf-8", errors="replace")

    with suppress(InvalidDocumentError):
        load_settings(folder)


@given(st.binary(max_size=200))
def test_any_bytes_are_loaded_or_refused_as_an_invalid_document(
    shared_folder: Path, octets: bytes
) -> None:
    folder = shared_folder
    (folder / "ccir.toml").write_bytes(octets)

    with pytest.raises(InvalidDocumentError):
        load_settings(folder)


TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(max_size=5), inner)),
    max_leaves=8,
)
FAMILIES = ("organisation", "people", "targets", "bindings", "channels", "approvals", "restore")


@given(st.dictionaries(st.sampled_from(FAMILIES), TREES))
def test_tables_of_any_shape_are_refused_with_complaints(
    shared_folder: Path, tables: dict[str, object]
) -> None:
    folder = shared_folder
    text = "\n".join(f"{name} = {_toml(value)}" for name, value in tables.items())
    (folder / "ccir.toml").write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError) as caught:
        load_settings(folder)

    assert caught.value.complaints


def _toml(value: object) -> str:
    if isinstance(value, dict):
        pairs = (f"{_toml(str(key))} = {_toml(entry)}" for key, entry in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    if isinstance(value, float):
        return repr(value)
    text = msgspec.json.encode(value).decode("utf-8", "replace").replace("\x7f", "\\u007f")
    return '"none"' if value is None else text
