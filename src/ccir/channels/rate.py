"""How many messages a channel may be given in a time, as people write it: `100/s`."""

from __future__ import annotations

from typing import Annotated

import msgspec

Rate = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,6}/(s|min|h)\Z")]

_SECONDS = {"s": 1, "min": 60, "h": 3600}


def per_second(rate: str | None) -> float | None:
    """Return the messages a second that a rate allows, None where there is no limit."""
    if rate is None:
        return None
    count, _, unit = rate.partition("/")
    return int(count) / _SECONDS[unit]
