"""How fast and how wide a channel may send, as people write it in its settings: `100/s`."""

from __future__ import annotations

from typing import Annotated

import msgspec

from ccir.channels.interface import Traits
from ccir.domain.quiet_hours import PATTERN, quiet_hours

Rate = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,6}/(s|min|h)\Z")]
Quiet = Annotated[str, msgspec.Meta(pattern=PATTERN)]
Domain = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9.-]{1,253}\Z")]

LIMIT_LANES = 50
_SECONDS = {"s": 1, "min": 60, "h": 3600}


class PaceSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys that every channel over the network has in its table.

    `rate` is the most messages of all senders together, `domain_rate` those to one mail domain,
    and `domain_rates` those to domains by name. With `ramp_up` (seconds) a sending begins with a
    tenth of these and reaches them evenly. `connections` is the most at once; as many are opened
    as the way to the server is slow. In `quiet` hours (`21:00-08:00`, the organisation's time)
    only legal and safety notices go out.
    """

    rate: Rate | None = None
    domain_rate: Rate | None = None
    domain_rates: dict[Domain, Rate] = {}
    ramp_up: Annotated[float, msgspec.Meta(ge=0, le=7 * 86_400)] = 0.0
    connections: Annotated[int, msgspec.Meta(ge=1, le=LIMIT_LANES)] = 10
    quiet: Quiet | None = None


def per_second(rate: str | None) -> float | None:
    """Return the messages a second that a rate allows, None where there is no limit."""
    if rate is None:
        return None
    count, _, unit = rate.partition("/")
    return int(count) / _SECONDS[unit]


def paced(traits: Traits, settings: PaceSettings) -> Traits:
    """Return the traits with what the settings say of pace and width."""
    by_domain = {name: per_second(rate) for name, rate in settings.domain_rates.items()}
    return msgspec.structs.replace(
        traits,
        per_second=per_second(settings.rate),
        per_domain=per_second(settings.domain_rate),
        domain_rates={name: rate for name, rate in by_domain.items() if rate is not None},
        ramp_up_seconds=settings.ramp_up,
        lanes=settings.connections,
        quiet=quiet_hours(settings.quiet),
    )
