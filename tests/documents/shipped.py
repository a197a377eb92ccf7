"""The documents that ship with ccir, as the tests here go through them."""

from __future__ import annotations

from ccir.catalog.documents import load_playbook
from ccir.catalog.library import library_of
from ccir.catalog.sources import Sources
from support.documents import STEP_KINDS

SOURCES = Sources(None)
PLAYBOOKS = {
    source.id: load_playbook(source, STEP_KINDS, library=library_of(SOURCES))
    for source in SOURCES.list("playbooks")
}
