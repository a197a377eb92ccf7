from __future__ import annotations

from pathlib import Path

import pytest

from ccir.channels.secret_file import LIMIT_BYTES, read_secret
from ccir.config.values import Secret
from ccir.errors import InvalidDocumentError, UnavailableError


def written(path: Path, content: bytes, mode: int = 0o600) -> Path:
    path.write_bytes(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize("content", [b"p4ss wort\n", b"\np4ss wort\r\n\n", b"p4ss wort"])
def test_the_one_line_is_the_secret(tmp_path: Path, content: bytes) -> None:
    assert read_secret(written(tmp_path / "secret", content)).reveal() == "p4ss wort"


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("p4ss")
    assert f"{secret} {secret!r} {[secret]}" == "*** *** [***]"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o602, 0o777])
def test_a_file_that_others_may_touch_is_refused(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path / "secret", b"p4ss", mode)
    with pytest.raises(InvalidDocumentError, match=f"others may read .mode {mode:04o}") as caught:
        read_secret(path)
    assert caught.value.hint == f"chmod 600 {path}"


@pytest.mark.parametrize(
    "content", [b"", b"\n \n", b"one\ntwo\n", b"a\x00b", b"x" * LIMIT_BYTES + b"y"]
)
def test_what_is_not_one_line_is_refused_and_not_shown(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvalidDocumentError, match="must hold one line") as caught:
        read_secret(written(tmp_path / "secret", content))
    assert "two" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="absent cannot be read: No such file"):
        read_secret(tmp_path / "absent")
