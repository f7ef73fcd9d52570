"""The command line of the demo."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.replay import NoTelegramError, load


@dataclass(frozen=True, slots=True)
class Options:
    """What the demo was asked for."""

    port: int
    here: bool
    fresh: bool
    simulator: bool
    replay: Path | None


def parse(arguments: Sequence[str] | None = None) -> Options:
    """Return the options; ends the program with code 2 and one line about what is wrong."""
    parser = ArgumentParser(
        prog="script/demo",
        description="A real Home Assistant on this machine, with this integration and a "
        "simulated house. Everything it makes lies in .demo; a second start goes on with it.",
    )
    parser.add_argument("--port", type=_port, default=8123, help="of the page (default: 8123)")
    parser.add_argument(
        "--here",
        action="store_true",
        help="the house stands in this machine's time zone (default: where it is about noon)",
    )
    parser.add_argument("--fresh", action="store_true", help="forget what .demo holds")
    parser.add_argument(
        "--no-simulator",
        dest="simulator",
        action="store_false",
        help="no simulated house: an empty Home Assistant, for devices of your own",
    )
    parser.add_argument(
        "--replay",
        type=_telegrams,
        metavar="FILE",
        help="add a meter that sends the P1 telegrams of this file, one a second",
    )
    return Options(**vars(parser.parse_args(arguments)))


def _port(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 65535:
        raise ArgumentTypeError(f"not a port: {text}")
    return value


def _telegrams(text: str) -> Path:
    path = Path(text).resolve()
    try:
        load(path)
    except NoTelegramError as error:
        raise ArgumentTypeError(str(error)) from error
    except OSError as error:
        raise ArgumentTypeError(f"cannot read {text}: {error.strerror}") from error
    return path
