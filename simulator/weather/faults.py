"""What can go wrong with a weather service: on the way to it, and in what it says."""

from enum import StrEnum


class WeatherFault(StrEnum):
    """The switches of the simulated service."""

    RESET = "reset"
    """Connections end instead of an answer."""
    SILENT = "silent"
    """No request is answered."""
    SERVER_ERROR = "server_error"
    """HTTP 500."""
    TOO_MANY = "too_many"
    """HTTP 429: the daily limit."""
    RUBBISH = "rubbish"
    """HTTP 200 with something that is no JSON."""
    LIST = "list"
    """HTTP 200 with JSON of another shape."""
    EMPTY = "empty"
    """HTTP 200 without a single value."""
    NULLS = "nulls"
    """Every value is null."""
    WRONG_UNITS = "wrong_units"
    """MJ/m2 and Fahrenheit."""
    SHORT = "short"
    """One of the columns is shorter than the others."""
    TEXTS = "texts"
    """Numbers come as words."""
    IMPOSSIBLE = "impossible"
    """More light than the sun gives."""
    YESTERDAY = "yesterday"
    """The model does not run: the values end yesterday."""
