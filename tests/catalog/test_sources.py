from __future__ import annotations

import os
from pathlib import Path

import pytest

from ccir.catalog.findings import DocumentError
from ccir.catalog.sources import (
    KINDS,
    LISTED_LIMIT,
    SIZE_LIMIT_BYTES,
    Kind,
    Source,
    Sources,
    shipped_folder,
)
from ccir.errors import NotFoundError
from support.documents import write


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return tmp_path / "shipped"


FILES: dict[Kind, tuple[str, str]] = {
    "playbooks": ("playbooks/outage.yaml", "outage"),
    "playbooks/obligations": ("playbooks/obligations/eu.yaml", "eu"),
    "playbooks/contents": ("playbooks/contents/gdpr_33_3.yaml", "gdpr_33_3"),
    "playbooks/computations": ("playbooks/computations/eu_1182_days.yaml", "eu_1182_days"),
    "runbooks": ("runbooks/isolate.md", "isolate"),
    "notify_templates": ("notify_templates/customers/breach.en.md.j2", "customers/breach.en"),
    "drills": ("drills/crm.yaml", "crm"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_is_found_by_the_id_in_its_files_name(kind: Kind, shipped: Path) -> None:
    file, name = FILES[kind]
    write(shipped, file, "text")
    source = Sources(None, shipped=shipped).find(kind, name)
    assert source == Source(kind=kind, id=name, path=shipped / file, root=shipped, origin="shipped")
    assert source.read() == b"text"


def test_the_workspaces_documents_shadow_shipped_ones(own: Path, shipped: Path) -> None:
    for folder, names in ((own, "b c"), (shipped, "a b")):
        for name in names.split():
            write(folder, f"playbooks/{name}.yaml", folder.name)
    found = Sources(own, shipped=shipped).list("playbooks")
    assert [(each.id, each.origin, each.shadows, each.read()) for each in found] == [
        ("a", "shipped", False, b"shipped"),
        ("b", "workspace", True, b"own"),
        ("c", "workspace", False, b"own"),
    ]


def test_other_files_are_no_documents(shipped: Path) -> None:
    write(shipped, "drills/crm.yaml", "")
    for name in ("notes.txt", ".hidden.yaml", "exercises/deep.yaml", "crm.yml"):
        path = shipped / "drills" / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    assert [each.id for each in Sources(None, shipped=shipped).list("drills")] == ["crm"]


def test_a_workspace_without_folders_has_what_is_shipped(own: Path, shipped: Path) -> None:
    write(shipped, "runbooks/isolate.md", "")
    assert [each.id for each in Sources(own, shipped=shipped).list("runbooks")] == ["isolate"]


UNKNOWN: dict[Kind, tuple[str, str]] = {
    "playbooks": ("outrage", "no playbook is called 'outrage'"),
    "playbooks/obligations": ("eur", "no file of obligations is called 'eur'"),
    "playbooks/contents": ("gdpr_33", "no content of a notice is called 'gdpr_33'"),
    "playbooks/computations": ("eu_days", "no computation is called 'eu_days'"),
    "runbooks": ("isolat", "no runbook is called 'isolat'"),
    "notify_templates": ("customers/breech.en", "no template is called 'customers/breech.en'"),
    "drills": ("crn", "no drill is called 'crn'"),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_an_unknown_id_is_answered_with_the_nearest(kind: Kind, shipped: Path) -> None:
    name, message = UNKNOWN[kind]
    write(shipped, FILES[kind][0], "")
    with pytest.raises(NotFoundError) as caught:
        Sources(None, shipped=shipped).find(kind, name)
    assert caught.value.message == message
    assert caught.value.hint == f"did you mean '{FILES[kind][1]}'?"


def test_an_id_is_no_path(shipped: Path) -> None:
    write(shipped, "playbooks/outage.yaml", "")
    write(shipped, "drills/crm.yaml", "")
    with pytest.raises(NotFoundError):
        Sources(None, shipped=shipped).find("drills", "../playbooks/outage")


def test_a_document_may_lie_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "customers" / "breach.en.md.j2"
    path.parent.mkdir()
    path.write_text("text")
    source = Sources(None).at("notify_templates", path)
    assert (source.id, source.origin, source.read()) == (
        "customers/breach.en",
        "workspace",
        b"text",
    )
    playbook = tmp_path / "mine.yaml"
    playbook.touch()
    assert Sources(None).at("playbooks", playbook).id == "mine"


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no file"):
        Sources(None).at("playbooks", tmp_path / "gone.yaml")


def reasons(source: Source) -> str:
    with pytest.raises(DocumentError) as caught:
        source.read()
    [finding] = caught.value.findings
    assert finding.file == str(source.path)
    return finding.message


def test_a_link_out_of_the_folder_is_not_followed(own: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (own / "drills").mkdir(parents=True)
    (own / "drills/crm.yaml").symlink_to(secret)
    assert reasons(Sources(own).find("drills", "crm")) == "a link leads out of the folder"


def test_a_link_within_the_folder_is_followed(own: Path) -> None:
    write(own, "drills/crm.yaml", "text")
    (own / "drills/alias.yaml").symlink_to("crm.yaml")
    assert Sources(own).find("drills", "alias").read() == b"text"


def test_a_link_that_leads_to_itself_cannot_be_read(own: Path) -> None:
    (own / "drills").mkdir(parents=True)
    (own / "drills/crm.yaml").symlink_to("crm.yaml")
    assert "cannot be read" in reasons(Sources(own).find("drills", "crm"))


def test_a_pipe_is_no_document(own: Path) -> None:
    (own / "drills").mkdir(parents=True)
    os.mkfifo(own / "drills/crm.yaml")
    assert reasons(Sources(own).find("drills", "crm")) == "not a regular file"


def test_a_file_that_vanished_cannot_be_read(own: Path) -> None:
    source = write(own, "drills/crm.yaml", "")
    source.path.unlink()
    assert reasons(source) == "cannot be read: No such file or directory"


def test_no_more_is_read_than_tells_that_a_file_is_too_large(own: Path) -> None:
    source = write(own, "drills/crm.yaml", b"x" * (SIZE_LIMIT_BYTES * 2))
    assert len(source.read()) == SIZE_LIMIT_BYTES + 1


def test_a_folder_with_too_many_documents_is_refused(own: Path) -> None:
    write(own, "drills/crm.yaml", "")
    for number in range(LISTED_LIMIT):
        (own / "drills" / f"{number}.yaml").touch()
    with pytest.raises(DocumentError, match=f"more than {LISTED_LIMIT} documents in one folder"):
        Sources(own).list("drills")


def test_the_checkout_holds_the_shipped_documents() -> None:
    assert [kind for kind in KINDS if not (shipped_folder() / kind).is_dir()] == []
