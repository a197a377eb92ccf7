"""The `ccir.toml` that a new workspace begins with."""

from __future__ import annotations

import re

import msgspec

from ccir.config.settings import SCRATCH_FOLDER

_LONGEST_ID = 64
_NOT_OF_AN_ID = re.compile(r"[^a-z0-9]+")

_TEMPLATE = """\
# The settings of this ccir workspace. `ccir doctor` checks them.
# Relative paths are relative to this folder. Every key: docs/reference/configuration.md

[organisation]
name = "Example Contact Centre"     # as notices name it
timezone = {timezone}     # IANA name: business days and dates follow it
# hotline = "+49 30 1234567"        # the next four stand in notices
# email = "privacy@example.org"
# status_page = "https://status.example.org"
# address = "1 Example Street, 10115 Berlin"

# One table for each person who works on incidents. `login` is the operating-system account:
# it says who is acting when --as does not.
[people.{person}]
name = {name}
login = {login}
roles = ["commander"]
# email = "alex@example.org"
# phone = "+49 30 1234567"
# out_of_band = "Signal: alex.07"   # how to reach her when mail and chat are compromised

# [people.sam]
# name = "Sam Ortiz"
# email = "sam@example.org"
# roles = ["communications-lead"]

# What backups protect. Playbooks name purposes (customer-records, call-recordings); a purpose
# falls to the target or channel of the same id, else to the only one there is, unless bound
# below.
# [targets.crm]
# tool = "restic"
# repository = "/srv/backup/crm"    # or sftp:host:/path, s3:host/bucket, rest:https://…
# password_file = "/etc/ccir/crm.password"   # or password_command = ["pass", "show", "crm"]
# hosts = ["crm1"]                  # choose snapshots by hosts, tags or paths
# rpo = "24h"                       # the newest snapshot may be no older
# rto = "4h"                        # a restore may take no longer
# deadline = "30m"                  # no single call of restic may take longer
# retention = "14d"                 # nothing younger is ever removed
# append_only = true                # who backs up cannot delete: rest: repositories only
# environment_file = "secrets/crm.env"       # mode 0600: credentials of S3, B2, REST …

# [targets.files]
# tool = "borg"                     # a snapshot is an archive, tags are how its name begins
# repository = "ssh://backup@vault.example.org/./files"
# password_command = ["pass", "show", "borg/files"]
# tags = ["files-"]

# [targets.dumps]
# tool = "archive"                  # a folder of dumps, each night in a folder with SHA256SUMS
# repository = "/srv/dumps"

# [bindings]
# customer-records = "crm"
# customer-mail = "mail"
# staff-mail = "mail"

# Ways to reach people.
# [channels.mail]
# kind = "smtp"
# host = "127.0.0.1"
# port = 25
# starttls = "required"             # required | opportunistic | never
# from = "incident@example.org"

# [channels.team]
# kind = "apprise"
# url_file = "secrets/team.url"     # one address per file, mode 0600

# [channels.texts]
# kind = "webhook"                  # a service of your own takes each message by a signed POST
# url = "https://hooks.example.org/notices"
# secret_file = "secrets/texts.key" # the signature's key, mode 0600

# [channels.files]
# kind = "outbox"                   # writes messages to files: for when the network is down
# folder = "outbox"

# [channels.post]
# kind = "outbox"                   # letters in PDF: pip install 'ccir[letters]'
# folder = "post"
# form = "letters"                  # "print": a table and templates for a print house
# return_address = "Example Contact Centre, Weg 1, 10115 Berlin"
# timezone = "Europe/Berlin"

[approvals]
two_person = "people"               # "accounts": two approvals also need two accounts

# [privacy]
# unmask_roles = ["privacy-counsel"]   # who may see recipients in full, with a reason

# What duties to tell somebody depend on: `ccir obligations list`, `ccir clocks`.
# [obligations]
# establishments = ["DE-HE"]        # where the organisation is established
# sectors = ["payments"]            # whose rules apply to it: finance, health, telecom …
# calendar = "DE-HE"                # the holidays that count: `ccir obligations holidays`
# internal_target = "72h"           # the aim where a law says "without delay"

# One table for each client whose contract says by when it must be told.
# [contracts.acme]
# client = "ACME Insurance"
# within = "24h"                    # or 3d, 2bd
# clause = "Data processing agreement, section 7"

# [restore]
# scratch = "{scratch}"       # where drills restore to; needs the room of a whole restore

# [acks]
# url = "https://ack.example.org"   # where `ccir serve --acks` is reached from outside
# valid_for = "14d"                 # how long a link is good after the time to answer

# [drills]
# metrics_file = "/var/lib/prometheus/node-exporter/ccir.prom"   # written after each drill
# ping_url_file = "secrets/drills.url"   # a monitor that notices when no drill comes
# alert = "team"                    # the channel that tells of drills that fail or are stale
# alert_errors_after = 3            # errors in a row before anybody is told
"""


def example_settings(*, login: str, timezone: str, name: str = "") -> str:
    """Return a commented `ccir.toml` that loads as it stands, with one person in it.

    `login` is her account, `timezone` an IANA name, `name` how she is called (the login where
    it is empty).
    """
    return _TEMPLATE.format(
        person=person_id(login),
        name=_quoted(name or login),
        login=_quoted(login),
        timezone=_quoted(timezone),
        scratch=SCRATCH_FOLDER,
    )


def person_id(login: str) -> str:
    """Return an id made of the login's letters and digits; `me` where it has none."""
    plain = _NOT_OF_AN_ID.sub("-", login.lower()).strip("-")
    return plain[:_LONGEST_ID] or "me"


def _quoted(text: str) -> str:
    """Return the text as a TOML string: JSON's escapes are among TOML's."""
    return msgspec.json.encode(text).decode("utf-8")
