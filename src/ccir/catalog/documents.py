"""Loads playbooks, drills and runbooks from what people wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from ccir.catalog.conditions import parse_when
from ccir.catalog.drill_lint import check_drill
from ccir.catalog.frontmatter import parse_markdown
from ccir.catalog.library import Library
from ccir.catalog.playbook_lint import check_playbook
from ccir.catalog.reading import Reading
from ccir.catalog.sources import Source
from ccir.catalog.typed import Openings
from ccir.catalog.yaml import parse_yaml
from ccir.domain.drills import CheckPlan, Drill
from ccir.domain.playbook import Id, Playbook, Step, Text, Version, When

Kinds = Mapping[str, type[msgspec.Struct]]


class Runbook(msgspec.Struct, frozen=True, kw_only=True):
    """Markdown that tells a person how to do a step; `reviewed` is the day it was last read."""

    id: Id
    version: Version
    title: Text
    owner: Id
    reviewed: dt.date
    body: Text


def load_playbook(source: Source, kinds: Kinds, *, library: Library | None = None) -> Playbook:
    """Return the playbook; `kinds` holds the struct of arguments of every step kind.

    Without a library, the names of runbooks, drills and templates are taken on trust.

    Raises:
        DocumentError: it does not fit the schema, or its parts do not fit together; the error
            holds every finding.
    """
    reading = read_playbook(source, kinds)
    check_playbook(reading, library)
    return reading.whole()


def load_drill(source: Source, checks: Kinds) -> Drill:
    """Return the drill; `checks` holds the struct of arguments of every kind of check.

    Raises:
        DocumentError: it does not fit the schema; the error holds every finding.
    """
    return read_drill(source, checks).whole()


def load_runbook(source: Source) -> Runbook:
    """Return the runbook.

    Raises:
        DocumentError: it has no complete front matter or no body.
    """
    return read_runbook(source).whole()


def read_playbook(source: Source, kinds: Kinds) -> Reading[Playbook]:
    """Return the playbook as far as it can be read, with what is wrong with its form."""
    openings = Openings(arguments={Step: kinds}, texts={When: parse_when})
    return Reading.of(source, Playbook, parse_yaml, openings=openings)


def read_drill(source: Source, checks: Kinds) -> Reading[Drill]:
    """Return the drill as far as it can be read, with what is wrong with it."""
    openings = Openings(arguments={CheckPlan: checks})
    reading = Reading.of(source, Drill, parse_yaml, openings=openings)
    check_drill(reading)
    return reading


def read_runbook(source: Source) -> Reading[Runbook]:
    """Return the runbook as far as it can be read, with what is wrong with it."""
    return Reading.of(source, Runbook, parse_markdown)
