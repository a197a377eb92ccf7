"""No file tells where it was written."""

from __future__ import annotations

import re

from architecture.project import files, relative

# Put together here so that this file does not find itself.
PRIVATE_FOLDERS = re.compile("(^|[^a-z])/(wo" + "rk|ro" + "ot)/", re.MULTILINE)
LIMIT_BYTES = 2_000_000


def test_no_file_names_a_folder_of_the_machine_it_was_written_on() -> None:
    small = [path for path in files() if path.stat().st_size < LIMIT_BYTES]
    found = [
        relative(path)
        for path in small
        if PRIVATE_FOLDERS.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []
