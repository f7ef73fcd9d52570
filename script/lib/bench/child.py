"""One measurement in this process: `python -m script.lib.bench.child FUNCTION ARGUMENTS`."""

from importlib import import_module
import json
import sys


def main(function: str, arguments: str) -> None:
    """Call `package.module:function` with arguments in JSON and print its figures in JSON."""
    module, _, name = function.partition(":")
    figures: dict[str, float] = getattr(import_module(module), name)(**json.loads(arguments))
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
