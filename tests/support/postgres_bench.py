"""Judges one dump at a time by the product's own check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ccir.checks.interface import CheckKit
from ccir.checks.postgres import MEMBER, PostgresArguments
from ccir.domain.outcomes import CheckResult
from support.checks import kit_of
from support.postgres_dumps import PERSON, ROWS

NAME = "crm.dump"
TABLES = {"customers": ROWS, "calls.recordings": 1}


class Bench:
    """Judges one dump, and looks whether anything of it is left."""

    def __init__(self, folder: Path, *, temporary: Path, programs: Path | None = None) -> None:
        self.temporary = temporary
        self.programs = None if programs is None else str(programs)
        self.folder = folder / "restored"
        self.folder.mkdir()
        self.scratch = folder / "scratch"
        self.scratch.mkdir(0o700)

    def __call__(
        self,
        dump: bytes,
        *,
        kit: CheckKit | None = None,
        **more: Any,  # noqa: ANN401 - the fields of PostgresArguments
    ) -> CheckResult:
        (self.folder / NAME).write_bytes(dump)
        asked = {} if "queries" in more else {"tables": TABLES}
        words = {"path": NAME, "programs": self.programs, **asked, **more}
        arguments = msgspec.convert(words, PostgresArguments)
        usual = kit_of(scratch=self.scratch, deadline_seconds=60.0)
        result = MEMBER.run(self.folder, arguments, kit or usual)
        assert [*self.scratch.iterdir(), *self.temporary.glob("ccir-*")] == []
        assert PERSON not in repr(result)
        return result
