from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccir.errors import NotFoundError, UnavailableError, UsageError
from ccir.evidence.files import CHUNK_BYTES, SIZE_LIMIT_BYTES, StoredFile, differs, take


def source(folder: Path, content: bytes = b"log line\n") -> Path:
    path = folder / "mail.log"
    path.write_bytes(content)
    return path


@given(st.binary(max_size=200))
@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_copy_lies_under_the_digest_of_its_content(tmp_path: Path, content: bytes) -> None:
    stored = take(source(tmp_path, content), tmp_path / "evidence")
    copy = tmp_path / "evidence" / stored.sha256
    assert stored == StoredFile(sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))
    assert copy.read_bytes() == content
    assert differs(stored, tmp_path / "evidence") == ""


def test_a_copy_is_private_and_cannot_be_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "evidence"
    stored = take(source(tmp_path), folder)
    assert [path.name for path in folder.iterdir()] == [stored.sha256]
    assert (folder / stored.sha256).stat().st_mode & 0o777 == 0o400
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_of_many_chunks_is_copied_whole(tmp_path: Path) -> None:
    content = bytes(range(256)) * (CHUNK_BYTES // 256) + b"the rest"
    stored = take(source(tmp_path, content), tmp_path / "evidence")
    assert stored.size_bytes == CHUNK_BYTES + 8
    assert (tmp_path / "evidence" / stored.sha256).read_bytes() == content


def test_the_same_content_again_is_one_file(tmp_path: Path) -> None:
    first = take(source(tmp_path), tmp_path / "evidence")
    assert take(source(tmp_path), tmp_path / "evidence") == first
    assert len([*(tmp_path / "evidence").iterdir()]) == 1


def test_what_became_of_the_source_does_not_touch_the_copy(tmp_path: Path) -> None:
    path = source(tmp_path)
    stored = take(path, tmp_path / "evidence")
    path.write_bytes(b"tampered")
    path.unlink()
    assert differs(stored, tmp_path / "evidence") == ""


def test_a_changed_or_lost_copy_is_told(tmp_path: Path) -> None:
    stored = take(source(tmp_path), tmp_path / "evidence")
    copy = tmp_path / "evidence" / stored.sha256
    copy.chmod(0o600)
    copy.write_bytes(b"Log line\n")
    assert differs(stored, tmp_path / "evidence") == "the content was changed"
    copy.unlink()
    assert differs(stored, tmp_path / "evidence") == "the file is gone"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"there is no file '.*absent\.log'"):
        take(tmp_path / "absent.log", tmp_path / "evidence")
    assert not (tmp_path / "evidence").exists()


def test_a_folder_is_no_evidence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a file") as caught:
        take(tmp_path, tmp_path / "evidence")
    assert caught.value.hint == "pack a folder into an archive first"


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = source(tmp_path)
    with path.open("ab") as file:
        file.truncate(SIZE_LIMIT_BYTES + 1)  # a hole: it takes no space
    with pytest.raises(UsageError, match="larger than 4 GiB"):
        take(path, tmp_path / "evidence")


def test_a_file_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="cannot be taken into evidence: Input/output error"):
        take(Path("/proc/self/mem"), tmp_path / "evidence")
    assert [*(tmp_path / "evidence").iterdir()] == []


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=r"Not a directory|File exists"):
        take(source(tmp_path), tmp_path / "mail.log" / "evidence")
