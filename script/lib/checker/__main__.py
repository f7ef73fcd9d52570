"""Run the checker on the checkout in the current folder, or on the one named."""

from pathlib import Path
import sys

from . import check


def main() -> int:
    """Print the problems; return 1 when there are any."""
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    problems = check(root)
    for problem in problems:
        print(problem)
    print(f"checker: {len(problems)} problem{'' if len(problems) == 1 else 's'}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
