"""What is asked of the simulated inverter."""

from typing import NamedTuple

from ..apart import Apart


class Read(NamedTuple):
    """A request: its first address and how many words it asks for."""

    address: int
    words: int


def device(setup: str, speed: float) -> Apart:
    """Return a running inverter, its clock at so many times the speed of ours."""
    return Apart(f"{__package__}.served", setup, str(speed))


def take_reads(inverter: Apart) -> list[Read]:
    """Return what was asked of it since the last call, in order."""
    return [Read(*one) for one in inverter.take()]


def by_poll(reads: list[Read]) -> list[list[Read]]:
    """Return the requests of each poll; every poll begins as the first one does."""
    polls: list[list[Read]] = []
    for read in reads:
        if read.address == reads[0].address:
            polls.append([])
        polls[-1].append(read)
    return polls
