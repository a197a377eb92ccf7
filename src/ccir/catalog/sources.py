"""Finds the documents people write: in the workspace first, then those shipped with ccir."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec

from ccir.catalog.findings import Complaints, DocumentError, Position, suggestion
from ccir.errors import NotFoundError

Kind = Literal[
    "playbooks",
    "playbooks/obligations",
    "playbooks/contents",
    "playbooks/computations",
    "runbooks",
    "notify_templates",
    "drills",
]
Origin = Literal["workspace", "shipped"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
LISTED_LIMIT: Final = 5_000
SIZE_LIMIT_BYTES: Final = 256 * 1024

_SUFFIX: Final[dict[Kind, str]] = {
    "playbooks": ".yaml",
    "playbooks/obligations": ".yaml",
    "playbooks/contents": ".yaml",
    "playbooks/computations": ".yaml",
    "runbooks": ".md",
    "notify_templates": ".md.j2",
    "drills": ".yaml",
}
_SINGULAR: Final[dict[Kind, str]] = {
    "playbooks": "playbook",
    "playbooks/obligations": "file of obligations",
    "playbooks/contents": "content of a notice",
    "playbooks/computations": "computation",
    "runbooks": "runbook",
    "notify_templates": "template",
    "drills": "drill",
}


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One document's file.

    `id` is the file's name without its suffix, for a template with its audience and
    language (`customers/breach-notice.en`). `shadows` means that the workspace's document
    stands in for a shipped one of the same id. `root` is the folder the file may not leave.
    """

    kind: Kind
    id: str
    path: Path
    root: Path
    origin: Origin
    shadows: bool = False

    def read(self) -> bytes:
        """Return the document's bytes.

        Raises:
            DocumentError: the file leaves its folder through a link, is no regular file, is
                too large or cannot be read.
        """
        complaints = Complaints(str(self.path))
        octets = _read(self, complaints)
        complaints.raise_errors()
        return octets


class Sources:
    """The documents of a workspace (None: no workspace) over the shipped ones."""

    def __init__(self, workspace: Path | None, *, shipped: Path | None = None) -> None:
        self._workspace = workspace
        self._shipped = shipped if shipped is not None else shipped_folder()

    def list(self, kind: Kind) -> list[Source]:
        """Return every document of the kind, sorted by id; a shadowed one is left out."""
        shipped = dict(self._found(kind, self._shipped, origin="shipped"))
        if self._workspace is None:
            return [shipped[name] for name in sorted(shipped)]
        own = dict(self._found(kind, self._workspace, origin="workspace"))
        shadowing = {
            name: msgspec.structs.replace(source, shadows=name in shipped)
            for name, source in own.items()
        }
        merged = shipped | shadowing
        return [merged[name] for name in sorted(merged)]

    def find(self, kind: Kind, name: str) -> Source:
        """Return the document of that id.

        Raises:
            NotFoundError: neither the workspace nor ccir has it.
        """
        known = {source.id: source for source in self.list(kind)}
        if name not in known:
            hint = suggestion(name, known)
            raise NotFoundError(f"no {_SINGULAR[kind]} is called '{name}'", hint=hint)
        return known[name]

    def named(self, kind: Kind, name: str) -> Source:
        """Return the document that a person means: by its id, or by the path of its file.

        Raises:
            NotFoundError: there is no such document or file.
        """
        if is_path(kind, name):
            return self.at(kind, Path(name))
        return self.find(kind, name)

    def at(self, kind: Kind, path: Path) -> Source:
        """Return the document in that file, wherever it lies.

        Raises:
            NotFoundError: there is no such file.
        """
        if not path.is_file():
            raise NotFoundError(f"there is no file '{path}'", hint="give the path of a document")
        name = path.name.removesuffix(_SUFFIX[kind])
        if kind == "notify_templates":
            name = f"{path.parent.name}/{name}"
        root = path.resolve().parent
        return Source(kind=kind, id=name, path=path, root=root, origin="workspace")

    def _found(self, kind: Kind, parent: Path, *, origin: Origin) -> Iterator[tuple[str, Source]]:
        folder = parent / kind
        for path in _files(folder, kind):
            name = path.relative_to(folder).as_posix().removesuffix(_SUFFIX[kind])
            yield name, Source(kind=kind, id=name, path=path, root=parent, origin=origin)


def is_path(kind: Kind, name: str) -> bool:
    """Return whether a person's word is a file's path and no id."""
    return "/" in name or name.endswith(_SUFFIX[kind])


def shipped_folder() -> Path:
    """Return the folder of the shipped documents: inside the wheel, else the checkout's."""
    installed = Path(__file__).parents[1] / "data"
    return installed if installed.is_dir() else Path(__file__).parents[3]


def _files(folder: Path, kind: Kind) -> list[Path]:
    # Templates lie one folder deeper, by audience; nothing else is looked for deeper down.
    pattern = f"*/*{_SUFFIX[kind]}" if kind == "notify_templates" else f"*{_SUFFIX[kind]}"
    found = [path for path in folder.glob(pattern) if not path.name.startswith(".")]
    if len(found) > LISTED_LIMIT:
        complaints = Complaints(str(folder))
        complaints.add(f"more than {LISTED_LIMIT} documents in one folder", at=Position())
        raise DocumentError(complaints.findings)
    return found


def _read(source: Source, complaints: Complaints) -> bytes:
    try:
        target = source.path.resolve(strict=True)
        if not target.is_relative_to(source.root.resolve()):
            complaints.add("a link leads out of the folder", at=Position(), hint="copy the file")
        elif not target.is_file():
            complaints.add("not a regular file", at=Position())
        else:
            return _bounded(target)
    except OSError as error:
        complaints.add(f"cannot be read: {error.strerror or error}", at=Position())
    except RuntimeError:  # until Python 3.13, what a link that leads to itself raises
        complaints.add("cannot be read: a link leads to itself", at=Position())
    return b""


def _bounded(path: Path) -> bytes:
    # One byte more than allowed tells the reader of the text that it is too large.
    with path.open("rb") as file:
        return file.read(SIZE_LIMIT_BYTES + 1)
