from __future__ import annotations

import pytest

from ccir.entropy import Entropy, SeededEntropy, SystemEntropy


@pytest.mark.parametrize("entropy", [SystemEntropy(), SeededEntropy(7)])
@pytest.mark.parametrize("count", [0, 1, 16, 1000])
def test_as_many_bytes_come_as_are_asked_for(entropy: Entropy, count: int) -> None:
    assert len(entropy.octets(count)) == count


@pytest.mark.parametrize("entropy", [SystemEntropy(), SeededEntropy(7)])
def test_bytes_do_not_come_twice(entropy: Entropy) -> None:
    assert len({entropy.octets(16) for _ in range(200)}) == 200


def test_a_seed_gives_the_same_bytes_again() -> None:
    one, other = SeededEntropy(7), SeededEntropy(7)
    assert [one.octets(16) for _ in range(3)] == [other.octets(16) for _ in range(3)]
    assert SeededEntropy(8).octets(16) != SeededEntropy(7).octets(16)


def test_the_bytes_of_a_seed_are_the_same_on_every_machine() -> None:
    assert SeededEntropy(1).octets(8).hex() == "f5b165224a58b791"
