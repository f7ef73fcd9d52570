"""The command line of script/bench."""

import argparse
from collections.abc import Sequence
import json
from pathlib import Path
import sys

from .fresh import interleaved
from .registry import BENCHES, find
from .row import table


def _positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description="Measures this integration and, beside it, what people use today.",
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"what to measure: {', '.join(BENCHES)}; all"
    )
    parser.add_argument("--runs", type=_positive, default=3, help="rounds; default 3")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    parser.add_argument(
        "--real", action="store_true", help="real time: fewer telegrams, one a second, much longer"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for, print it, and write it as JSON if wanted."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(BENCHES):
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    cases = [
        case for name in options.names or BENCHES for case in find(name).cases(real=options.real)
    ]
    rows = list(interleaved(cases, options.runs, _say))
    print(table(rows))
    if options.json is not None:
        text = json.dumps([row.as_json() for row in rows], indent=2)
        options.json.write_text(f"{text}\n", encoding="utf-8")


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
