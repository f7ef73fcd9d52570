"""The stream that both sides read is a Belgian meter's, and it moves."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from custom_components.energy_hub.devices.fluvius.client import parse
from custom_components.energy_hub.devices.fluvius.frame import Framer
from custom_components.energy_hub.devices.fluvius.read import read_details
from custom_components.energy_hub.devices.fluvius.scan import scan
from script.lib.bench.p1.telegram import GAS, METER, WATER, Telegram, stream

_START = datetime(2026, 3, 18, 11, 8, tzinfo=UTC)


def _telegrams(count: int) -> list[Telegram]:
    return list(islice(stream(_START), count))


def test_every_telegram_has_the_size_and_the_checksum_of_a_real_one() -> None:
    telegrams = _telegrams(50)
    framer = Framer()
    for telegram in telegrams:
        framer.feed(telegram.data)

    assert list(framer.frames()) == [telegram.data for telegram in telegrams]
    assert {len(telegram.data) for telegram in telegrams} == {1470}


def test_a_telegram_carries_phases_gas_water_and_thirteen_months() -> None:
    (telegram,) = _telegrams(1)
    details = read_details(parse(telegram.data), telegram.at)
    live = scan(telegram.data, telegram.at)

    assert details.meter_id == bytes.fromhex(METER).decode()
    assert {meter.medium: meter.serial for meter in details.mbus} == {
        "gas": bytes.fromhex(GAS).decode(),
        "water": bytes.fromhex(WATER).decode(),
    }
    assert len(details.history) == 13
    assert live.at == _START
    assert live.quarter_w == telegram.quarter_kw * 1000
    assert live.import_l3_w is not None
    assert live.current_l3 is not None
    assert live.voltage_l3 is not None


def test_a_second_passes_with_each_telegram_and_values_change() -> None:
    first, second = (scan(telegram.data, telegram.at) for telegram in _telegrams(2))

    assert second.at - first.at == timedelta(seconds=1)
    assert second.import_w != first.import_w
    assert second.quarter_w != first.quarter_w


def test_quarters_end_and_gas_is_read_while_it_runs() -> None:
    telegrams = _telegrams(600)
    lives = [scan(telegram.data, telegram.at) for telegram in telegrams]
    quarters = [live.quarter_w or 0 for live in lives]

    assert any(later < earlier for earlier, later in pairwise(quarters))
    assert len({tuple(live.slow) for live in lives}) == 3


def test_the_stream_is_the_same_every_time() -> None:
    assert _telegrams(20) == _telegrams(20)
