"""What was seen, with the time since the beginning."""

from time import monotonic


class Diary:
    """Prints lines with their times."""

    def __init__(self) -> None:
        """Begin now."""
        self._began = monotonic()

    @property
    def now_s(self) -> float:
        """Seconds since the beginning."""
        return monotonic() - self._began

    def note(self, text: str) -> None:
        """Print one line at once."""
        print(f"{self.now_s:7.1f} s  {text}", flush=True)
