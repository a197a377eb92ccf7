"""How far claims may run ahead of the disk, so that not each of them has to wait for it.

1. Before the first row of a block leaves, the block's last row (its reach) and this start of the
   machine are written through to the disk, together with the first claim.
2. The claims of the block after that are committed without waiting; one behind the reach is
   not told before the reach goes as far. A process that is killed loses none of
   them; a machine that loses power may lose the newest.
3. A sending that ends, however it ends in good order, is written through and has no reach.
4. Where a reach is left from another start of the machine, rows up to it may have left although
   nothing says so: those that are still planned or claimed become `unknown`.

Source of the durability that is relied on: https://sqlite.org/pragma.html#pragma_synchronous
(WAL: NORMAL survives a crash of the program, FULL one of the machine).
"""

from __future__ import annotations

import msgspec

from ccir.store.sqlite_driver import Connection

BLOCK_ROWS = 100


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """The block to come: the row just claimed, and after which row the others are looked for.

    A row that was put off may stand elsewhere than the others.
    """

    claimed: int = 0
    after: int = 0


def extend(connection: Connection, number: int, block: Block, *, boot: str) -> int:
    """Let the next block of planned rows be claimed, and return its last row."""
    found: tuple[int | None] = connection.execute(
        "SELECT max(row) FROM (SELECT row FROM ledger WHERE notice = ? AND row > ?"
        " AND state = 'planned' AND not_before = '' ORDER BY row LIMIT ?)",
        (number, block.after, BLOCK_ROWS - 1),
    ).fetchone()
    last = max(found[0] or 0, block.claimed)
    connection.execute(
        "INSERT INTO reaches (notice, boot, row) VALUES (?, ?, ?)"
        " ON CONFLICT (notice) DO UPDATE SET boot = excluded.boot, row = excluded.row",
        (number, boot, last),
    )
    return last if boot else 0


def withdraw(connection: Connection, number: int) -> None:
    """Let no row be claimed without the disk any more."""
    connection.execute("DELETE FROM reaches WHERE notice = ?", (number,))


def doubt(connection: Connection, number: int, *, boot: str, at: str) -> int:
    """Mark as unknown what may have left unseen before another start; return how many rows."""
    return connection.execute(
        "UPDATE ledger SET state = 'unknown', changed_at = ?1"
        " WHERE notice = ?2 AND state = 'planned'"
        " AND row <= (SELECT row FROM reaches WHERE notice = ?2 AND boot <> ?3)",
        (at, number, boot),
    ).rowcount
