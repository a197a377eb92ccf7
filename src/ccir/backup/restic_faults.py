"""What can be wrong with a restic repository or on the way to it, and what to do about it."""

from __future__ import annotations

from ccir.backup.fault_interface import Fault, Faults, damage, trouble

FAULTS = Faults(
    (
        damage("config-damaged", "the repository's configuration is damaged"),
        damage("key-damaged", "a key of the repository is damaged or gone"),
        damage("index-damaged", "the repository's index is damaged or incomplete"),
        damage("snapshot-damaged", "a snapshot of the repository is damaged"),
        damage("pack-damaged", "backed-up data in the repository is damaged or gone"),
        damage("repository-damaged", "the repository is damaged"),
        Fault(
            reason="repository-missing",
            verdict="fail",
            detail="there is no repository at the target's path",
            hint="check that the backup's disk is mounted and that the target names the right path",
        ),
        Fault(
            reason="no-snapshots",
            verdict="fail",
            detail="the repository holds no such snapshot",
            hint="check when the backup last ran, and the target's hosts, tags and paths",
        ),
        Fault(
            reason="not-append-only",
            verdict="fail",
            detail="the server would let backed-up data be deleted",
            hint="start rest-server with --append-only, and prune with other credentials",
        ),
        trouble(
            "password-unavailable",
            "the repository's password could not be had",
            "check the target's password_file or password_command",
        ),
        trouble(
            "password-timeout",
            "the password command gave no answer in time",
            "run the target's password_command by hand; it may wait for somebody to unlock it",
        ),
        trouble(
            "password-exposed",
            "every user of this machine can read the repository's password",
            "chmod 600 the file, and think about changing the password",
        ),
        trouble(
            "wrong-password",
            "the repository does not open with this password",
            "check the target's password source against the password that the backup is made with",
        ),
        trouble(
            "locked",
            "another restic holds the repository's lock",
            "wait until that backup or prune is done; if it crashed, run 'restic unlock'",
        ),
        trouble(
            "no-space",
            "there is not enough space to restore into",
            "free space, or name a larger scratch folder",
        ),
        trouble(
            "read-only",
            "something that had to be written is read-only",
            "check how the repository and the scratch folder are mounted",
        ),
        trouble(
            "permission-denied",
            "access was denied",
            "check the rights of this user and of the target's credentials",
        ),
        trouble(
            "wrong-target",
            "the target cannot be used as it is written",
            "check the target's entry in ccir.toml",
        ),
        trouble(
            "unreachable",
            "the repository could not be reached",
            "check network, address and credentials, then try again",
        ),
        trouble("timed-out", "restic was not done in time", "try again, or allow more time"),
        trouble("cancelled", "the call was cancelled", "try again"),
        trouble(
            "content-unknown",
            "what the files must be cannot be learnt from the repository's trees",
            "check the repository: its trees, its index and its list of files do not agree",
        ),
        trouble(
            "tool-crashed", "restic crashed", "try again with a newer restic, and keep the output"
        ),
        trouble(
            "tool-missing",
            "restic cannot be started",
            "install it (Debian: apt-get install restic)",
        ),
        trouble("tool-too-old", "this restic is too old", "install restic 0.14 or newer"),
        trouble(
            "unrecognised-output",
            "restic answered something that ccir does not know",
            "read the captured output, and check restic's version",
        ),
    )
)
