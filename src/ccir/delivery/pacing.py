"""When the next message may go: the channel's rate, the approved one, and the domain's."""

from __future__ import annotations

from ccir.delivery.interface import SendJob, SendKit

SLOWEST_SHARE = 0.1  # of its rate, with which a channel that ramps up begins


class Pacing:
    """The waits of one sending."""

    def __init__(self, job: SendJob, kit: SendKit) -> None:
        self._channel = job.key.channel
        self._traits = kit.channel.traits
        self._kit = kit
        rates = [rate for rate in (self._traits.per_second, job.per_second) if rate]
        self._per_second = min(rates, default=None)
        self._began = kit.clock.monotonic()

    def wait(self) -> float:
        """Take the channel's next slot and return in how many seconds it comes."""
        if self._per_second is None:
            return 0.0
        rate = self._per_second * self._share()
        return self._kit.paces.reserve(self._channel, per_second=rate)

    def domain_wait(self, address: str) -> float:
        """Take the next slot of the address's domain and return in how many seconds it comes."""
        domain = address.rpartition("@")[2].lower()
        rate = self._traits.domain_rates.get(domain, self._traits.per_domain)
        if rate is None:
            return 0.0
        name = f"{self._channel} {self._kit.blind(domain)}"
        return self._kit.paces.reserve(name, per_second=rate * self._share())

    def _share(self) -> float:
        """Return the share of the rate that a channel which ramps up may use by now."""
        if not self._traits.ramp_up_seconds:
            return 1.0
        elapsed = self._kit.clock.monotonic() - self._began
        return min(max(elapsed / self._traits.ramp_up_seconds, SLOWEST_SHARE), 1.0)
