"""The keys of runs' lists in SQLite: each run's recipients are sealed under a key of their own.

1. A run's data key is random, made with its first list, and never written in the clear.
2. It is wrapped by the installation's key; where the settings name holders, by their age keys
   instead, and then only a holder's private key opens the lists again.
3. Whoever destroys the wrapped key has destroyed every list of the run; the ledger, which holds
   keyed hashes only, stays as proof.
4. A list that an older ccir wrote stays under the installation's key.
"""

from __future__ import annotations

from collections.abc import Callable

from ccir.entropy import Entropy
from ccir.errors import StoreDamagedError
from ccir.store.age_wrapping import unwrapped, wrapped
from ccir.store.installation_key import KEY_BYTES, InstallationKey
from ccir.store.people_interface import KeyHolders
from ccir.store.sealing import Sealer
from ccir.store.sqlite_driver import faults
from ccir.store.sqlite_file import StoreFile


class DataKeys:
    """What opens and closes the lists of each run; `installation` returns its own sealer."""

    def __init__(
        self, file: StoreFile, installation: Callable[[], Sealer], *, entropy: Entropy
    ) -> None:
        self._file = file
        self._installation = installation
        self._entropy = entropy
        self._sealers: dict[str, Sealer] = {}
        self.holders = KeyHolders()

    def of_run(self, run: str) -> Sealer:
        """Return what seals a run's lists; its key is made where there is none.

        Raises:
            UnavailableError: the key is sealed to people, and none of their keys is at hand.
        """
        if run not in self._sealers:
            key = self._known(run) or self._made(run)
            self._sealers[run] = Sealer(InstallationKey(key), entropy=self._entropy)
        return self._sealers[run]

    def of_list(self, list_id: str) -> Sealer:
        """Return what opens a list that is there.

        Raises:
            UnavailableError: its key is sealed to people, and none of their keys is at hand.
        """
        with faults(self._file.path):
            found: tuple[str, int] | None = self._file.connection.execute(
                "SELECT run, has_data_key FROM lists WHERE id = ?", (list_id,)
            ).fetchone()
        if found is None or not found[1]:
            return self._installation()
        return self.of_run(found[0])

    def _known(self, run: str) -> bytes | None:
        with faults(self._file.path):
            found: tuple[bytes | None, bytes | None] | None = self._file.connection.execute(
                "SELECT box, age FROM data_keys WHERE run = ?", (run,)
            ).fetchone()
        if found is None:
            return None
        box, age = found
        if box is not None:
            return self._installation().open_box(box, purpose="data-keys", label=run)
        if age is not None:
            return unwrapped(age, identity=self.holders.identity, run=run)
        raise StoreDamagedError(
            f"the key of the recipients of {run} was destroyed",
            hint="nobody can read them any more; the ledger still tells how each row stands",
        )

    def _made(self, run: str) -> bytes:
        key = self._entropy.octets(KEY_BYTES)
        box = age = None
        if self.holders.public_keys:
            age = wrapped(key, self.holders.public_keys)
        else:
            box = self._installation().close_box(key, purpose="data-keys", label=run)
        with self._file.transaction() as connection:
            connection.execute(
                "INSERT INTO data_keys (run, box, age) VALUES (?, ?, ?)", (run, box, age)
            )
        return key
