"""What can be wrong with a borg repository or on the way to it, and what to do about it."""

from __future__ import annotations

from ccir.backup.fault_interface import Fault, Faults, damage, trouble

FAULTS = Faults(
    (
        damage("config-damaged", "the repository's configuration is damaged"),
        damage("key-damaged", "the repository's key is damaged or gone"),
        damage("snapshot-damaged", "an archive of the repository is damaged"),
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
            detail="the repository holds no such archive",
            hint="check when the backup last ran, and the target's hosts, tags and paths",
        ),
        trouble(
            "password-unavailable",
            "the repository's passphrase or key file could not be had",
            "check the target's password_file or password_command, and ~/.config/borg/keys",
        ),
        trouble(
            "password-timeout",
            "the password command gave no answer in time",
            "run the target's password_command by hand; it may wait for somebody to unlock it",
        ),
        trouble(
            "password-exposed",
            "every user of this machine can read the repository's passphrase",
            "chmod 600 the file, and think about changing the passphrase",
        ),
        trouble(
            "wrong-password",
            "the repository does not open with this passphrase",
            "check the target's password source; if it is right, the key in the repository's"
            " config is damaged: compare it with the copy that 'borg key export' once made",
        ),
        trouble(
            "locked",
            "another borg changes the repository",
            "wait until that backup, prune or compact is done; if it crashed: 'borg break-lock'",
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
            "check the rights of this user and of the key that it connects with",
        ),
        trouble(
            "wrong-target",
            "the target cannot be used as it is written",
            "check the target's entry in ccir.toml",
        ),
        trouble(
            "unreachable",
            "the repository could not be reached",
            "check network, address and ssh key, and that borg is installed there, then try again",
        ),
        trouble("timed-out", "borg was not done in time", "try again, or allow more time"),
        trouble("cancelled", "the call was cancelled", "try again"),
        trouble(
            "content-unknown",
            "what borg lists and what was read do not agree",
            "check the repository, and the disk that was restored to, then try again",
        ),
        trouble("tool-crashed", "borg crashed", "try again with a newer borg, and keep the output"),
        trouble(
            "tool-missing",
            "borg cannot be started",
            "install it (Debian: apt-get install borgbackup)",
        ),
        trouble("tool-too-old", "this borg is too old", "install borg 1.2 or 1.4"),
        trouble(
            "unrecognised-output",
            "borg answered something that ccir does not know",
            "read the captured output, and check borg's version: 1.2 and 1.4 are known",
        ),
    )
)
