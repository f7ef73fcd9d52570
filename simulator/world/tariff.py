"""The clock of a Fluvius meter: Belgian local time, whatever zone the house stands in."""

from datetime import datetime
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
QUARTER_S = 900
DAY, NIGHT = 1, 2


def local(at_s: float) -> datetime:
    """Return the Belgian local time of an epoch second."""
    return datetime.fromtimestamp(at_s, BRUSSELS)


def tariff(at_s: float) -> int:
    """Return 1 on weekdays from 07:00 to 22:00 Belgian time, else 2.

    Day is 1 and night is 2 in Belgium, the opposite of the Netherlands.
    """
    now = local(at_s)
    return DAY if now.weekday() < 5 and 7 <= now.hour < 22 else NIGHT


def closes_month(at_s: int) -> bool:
    """Return whether this is Belgian midnight of the first of a month."""
    now = local(at_s)
    return now.day == 1 and now.hour == 0 and now.minute == 0


def month_start(year: int, month: int) -> int:
    """Return the epoch second at which a month begins in Belgium; month 0, -1 ... count back."""
    years, index = divmod(year * 12 + month - 1, 12)
    return int(datetime(years, index + 1, 1, tzinfo=BRUSSELS).timestamp())
