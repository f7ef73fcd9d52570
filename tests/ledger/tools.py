"""What the proofs about money share: homes, slots, and the tables of the manual."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from custom_components.energy_hub.ledger.price import FlatPrice, Price
from custom_components.energy_hub.ledger.slot import Slot
from custom_components.energy_hub.ledger.tariff import BEGINNING, Tariff, Tariffs, Version

BRUSSELS: Final = ZoneInfo("Europe/Brussels")
MANUAL: Final = Path(__file__).parents[2] / "docs" / "house-costs.md"
QUARTER: Final = timedelta(minutes=15)
# Hypothesis wants limits without a zone.
EARLIEST: Final = datetime.fromisoformat("2020-01-01")
LATEST: Final = datetime.fromisoformat("2030-01-01")
HOUR: Final = timedelta(hours=1)


def local(text: str, zone: ZoneInfo = BRUSSELS, fold: int = 0) -> datetime:
    """Return the instant (UTC) of a local time."""
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def slot(
    start: datetime,
    end: datetime,
    *,
    drawn: float | None = 0.0,
    fed: float | None = 0.0,
    used: float | None = 0.0,
    estimated: bool = False,
) -> Slot:
    """Return a slot in which nothing flowed but what is named."""
    return Slot(
        start=start,
        end=end,
        import_kwh=drawn,
        export_kwh=fed,
        house_kwh=used,
        estimated=estimated,
    )


def always(tariff: Tariff, zone: ZoneInfo = BRUSSELS) -> Tariffs:
    """Return the tariffs of a home that never changed its contract."""
    return Tariffs((Version(BEGINNING, tariff),), zone)


def flat(price: float, export: Price | None = None) -> Tariff:
    """Return a contract with one import price."""
    return Tariff(import_price=FlatPrice(price), export_price=export)


def tables(heading: str) -> list[list[dict[str, str]]]:
    """Return the tables below a heading of the manual, each as rows by column."""
    section = MANUAL.read_text(encoding="utf-8").split(f"# {heading}\n")[1].split("\n#")[0]
    found: list[list[dict[str, str]]] = []
    columns: list[str] = []
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            columns = []
        elif not columns:
            columns = cells
            found.append([])
        elif not set(line) <= set("|-"):
            found[-1].append(dict(zip(columns, cells, strict=True)))
    return found


def slots_of(rows: list[dict[str, str]]) -> list[Slot]:
    """Return the energy that a table of the manual tells."""
    return [
        slot(
            local(row["From"]),
            local(row["To"]),
            drawn=float(row["Import"]),
            fed=float(row["Export"]),
            used=sum(
                sign * float(row[flow])
                for flow, sign in {
                    "Solar": 1,
                    "Import": 1,
                    "Export": -1,
                    "Battery in": -1,
                    "Battery out": 1,
                }.items()
            ),
        )
        for row in rows
    ]
