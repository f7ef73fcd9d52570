"""The command line of `python -m simulator`."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from .devices import DEVICES
from .world import BRUSSELS_PLACE


def parse(arguments: Sequence[str] | None = None) -> Namespace:
    """Return the options; ends the program with code 2 and one line about what is wrong."""
    parser = ArgumentParser(prog="python -m simulator", description="One simulated house.")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another house")
    parser.add_argument("--latitude", type=_degrees(90), default=BRUSSELS_PLACE.latitude)
    parser.add_argument("--longitude", type=_degrees(180), default=BRUSSELS_PLACE.longitude)
    parser.add_argument("--zone", type=_zone, default=BRUSSELS_PLACE.zone)
    parser.add_argument("--speed", type=_speed, default=1.0, help="times as fast as the wall")
    parser.add_argument("--start", type=_start, help="ISO time with offset (default: now)")
    parser.add_argument(
        "--begin",
        type=_start,
        help="ISO time since when the house exists, to the second (default: yesterday)",
    )
    parser.add_argument(
        "--fine-from",
        type=_start,
        help="ISO time since when it is known by the second, before by the minute (default: begin)",
    )
    parser.add_argument("--serial", action="store_true", help="the P1 meter on a pty as well")
    parser.add_argument("--json", action="store_true", help="print one JSON line")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="captured telegrams only")
    for name in ("control", *(device.name for device in DEVICES)):
        parser.add_argument(f"--port-{name}", type=_port, default=0, help="default: any free port")
    return parser.parse_args(arguments)


def _degrees(limit: float) -> Callable[[str], float]:
    def degrees(text: str) -> float:
        value = float(text)
        if not -limit <= value <= limit:
            raise ArgumentTypeError(f"not within {-limit:g}..{limit:g}: {text}")
        return value

    return degrees


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ValueError, OSError, KeyError) as error:
        raise ArgumentTypeError(f"no such time zone: {text}") from error


def _speed(text: str) -> float:
    value = float(text)
    if not 0 < value <= 100_000:
        raise ArgumentTypeError(f"not a speed: {text}")
    return value


def _start(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ArgumentTypeError(f"needs a UTC offset: {text}")
    return at.astimezone(UTC)


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65535:
        raise ArgumentTypeError(f"not a port: {text}")
    return value
