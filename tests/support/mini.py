"""A small playbook with a step of every kind, its template and its drill."""

from __future__ import annotations

from pathlib import Path

from support.restic_repository import CUSTOMERS, FILES

PLAYBOOK = """\
id: mini
version: 1.0.0
title: A small incident
summary: One step of every kind.
severities:
  - {id: sev1, meaning: bad}
  - {id: sev2, meaning: less bad}
roles:
  - {id: commander, title: Commander, duties: Leads.}
  - {id: technical-lead, title: Technical lead, duties: Finds and closes.}
  - {id: privacy-counsel, title: Counsel, duties: Approves.}
facts:
  - {id: awareness, kind: moment, required: true, question: When was it noticed?}
  - {id: records, kind: number, question: How many records?}
  - {id: crm_down, kind: boolean, question: Is the CRM down?}
  - {id: host, kind: text, question: Which host?}
  - {id: route, kind: choice, choices: [mail, web], question: Which way?}
  - {id: kinds, kind: list, question: Which kinds of data?}
phases:
  - {id: act, title: Act}
  - {id: tell, title: Tell}
steps:
  - id: declare
    title: Declare
    phase: act
    role: commander
    kind: manual
    due: {within: 15m}
    runbook: declare-incident
    with: {checklist: [One leads]}
  - id: preserve
    title: Preserve
    phase: act
    role: technical-lead
    kind: manual
    needs: [declare]
    evidence: The list of items
  - id: choose
    title: Choose
    phase: act
    role: commander
    kind: decision
    needs: [declare]
    with: {question: Cut off?, options: {cut: Cut it off, watch: Watch it}}
  - id: cut-off
    title: Cut off
    phase: act
    role: technical-lead
    kind: manual
    needs: [choose]
    when: 'decision["choose"] == "cut"'
  - id: manual-mode
    title: Work by hand
    phase: act
    role: technical-lead
    kind: manual
    mandatory: false
    when: crm_down
  - id: look
    title: Look
    phase: act
    role: technical-lead
    kind: command
    needs: [declare]
    mandatory: false
    with: {argv: [cat, {fact: host, as: id}], timeout: 1m}
  - id: check
    title: Check the backup
    phase: act
    role: technical-lead
    kind: backup-check
    needs: [declare]
    on_failure: other-copy
    with: {target: crm}
  - {id: other-copy, title: Find another copy, phase: act, role: technical-lead, kind: manual}
  - id: prove
    title: Prove the restore
    phase: act
    role: technical-lead
    kind: restore
    needs: [check]
    on_failure: continue
    with: {drill: mini}
  - id: await-records
    title: Await the count
    phase: tell
    role: commander
    kind: wait
    with: {fact: records}
  - id: tell
    title: Tell
    phase: tell
    role: commander
    kind: notify
    needs: [await-records]
    with: {notice: customers}
notices:
  - id: customers
    title: To customers
    audience: customers
    template: mini
    channel: customer-mail
    recipients: affected
    approvals: {count: 2, roles: [commander, privacy-counsel]}
    due: {within: 72h, after: "fact:awareness"}
"""
TEMPLATE = """\
---
id: mini
version: 1.0.0
audience: customers
language: {language}
languages: [en, de]
subject: "{greeting} {{{{ recipient.name }}}}"
requires: [organisation.name, facts.records, recipient.name, run.id]
optional: [recipient.city]
---
{greeting} {{{{ recipient.name }}}}, {{{{ facts.records }}}} records are affected.

{{{{ organisation.name }}}}

{{% if recipient.city is defined %}}
You live in {{{{ recipient.city }}}}.
{{% endif %}}

Reference {{{{ run.id }}}}.
"""
DRILL = f"""\
id: mini
version: 1.0.0
title: Restore
summary: Restores and counts.
target: crm
checks:
  - kind: file-count
    with: {{minimum_files: {FILES}}}
  - kind: sqlite
    with: {{path: "**/crm.sqlite", tables: {{customers: {CUSTOMERS}}}}}
deadline: 5m
"""


def add_mini(folder: Path) -> None:
    """Put the small playbook with all it names into a workspace."""
    (folder / "playbooks" / "mini.yaml").write_text(PLAYBOOK, encoding="utf-8")
    (folder / "drills" / "mini.yaml").write_text(DRILL, encoding="utf-8")
    templates = folder / "notify_templates" / "customers"
    templates.mkdir(parents=True, exist_ok=True)
    for language, greeting in (("en", "Dear"), ("de", "Guten Tag")):
        text = TEMPLATE.format(language=language, greeting=greeting)
        (templates / f"mini.{language}.md.j2").write_text(text, encoding="utf-8")
