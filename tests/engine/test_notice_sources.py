from __future__ import annotations

from pathlib import Path

import pytest

from ccir.delivery.recipient_csv import CsvRows
from ccir.delivery.recipient_jsonl import JsonRows
from ccir.delivery.recipients import Rejected
from ccir.domain.playbook import Notice
from ccir.engine.handle import load
from ccir.engine.notice_sources import (
    LIMIT_QUERY_BYTES,
    Query,
    opened_file,
    opened_query,
    rejects_to,
)
from ccir.engine.workspace import Workspace
from ccir.errors import InvalidDocumentError, NotFoundError, UsageError


@pytest.fixture
def notice(workspace: Workspace, run_id: str) -> Notice:
    found = load(workspace, run_id).run.playbook.notice("customers")
    assert found is not None
    return found


def test_the_name_of_a_file_says_its_form(
    workspace: Workspace, notice: Notice, tmp_path: Path
) -> None:
    for name, form in (("a.csv", CsvRows), ("a.jsonl", JsonRows), ("a.ndjson", JsonRows)):
        (tmp_path / name).write_text("email,name,language\n", encoding="utf-8")
        with opened_file(workspace, notice, tmp_path / name) as opened:
            assert isinstance(opened.rows, form)
            assert opened.sha256 is None


def test_a_list_of_the_workspace_may_be_json_lines(workspace: Workspace, notice: Notice) -> None:
    folder = workspace.folder / "recipients"
    folder.mkdir()
    (folder / "affected.jsonl").write_text("", encoding="utf-8")
    with opened_file(workspace, notice, None) as opened:
        assert isinstance(opened.rows, JsonRows)


def test_a_list_that_is_not_there_is_named(
    workspace: Workspace, notice: Notice, tmp_path: Path
) -> None:
    with (
        pytest.raises(NotFoundError, match="cannot be opened: No such file"),
        opened_file(workspace, notice, tmp_path / "none.csv"),
    ):
        pass


def test_a_query_is_bounded_and_must_be_there(tmp_path: Path) -> None:
    file = tmp_path / "q.sql"
    query = Query(file=file, database="sqlite:none.db")
    with pytest.raises(NotFoundError, match="cannot be opened"), opened_query(query):
        pass
    file.write_bytes(b" " * (LIMIT_QUERY_BYTES + 1))
    with pytest.raises(InvalidDocumentError, match="more than 262144 bytes"), opened_query(query):
        pass


def test_rejected_rows_are_written_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "rejects.csv"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o644)
    with rejects_to(path) as reject:
        assert reject is not None
        reject(Rejected(row=2, reason="no address"))
    assert path.read_text(encoding="utf-8") == "row,reason\n2,no address\n"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="cannot be written"), rejects_to(tmp_path):
        pass
    with rejects_to(None) as reject:
        assert reject is None
