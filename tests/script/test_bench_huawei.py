"""The SUN2000 measurements run on a real Home Assistant, for both sides."""

from dataclasses import replace

from script.lib.bench.case import Case, Side
from script.lib.bench.fresh import measure
from script.lib.bench.huawei.cases import cases
from script.lib.bench.huawei.device import Device, Read, by_poll
from script.lib.bench.huawei.setups import SETUPS

# With those that warm up more than a minute, so that what is asked once a minute is among it.
_FEW = {"count": 5, "seconds": 0.4}


def _case(setup: str) -> Case:
    (case,) = (case for case in cases(real=False) if case.arguments["setup"] == setup)
    return replace(case, arguments={**case.arguments, **_FEW})


def test_our_polls_give_every_figure() -> None:
    case = _case("inverter, meter and battery")
    figures = measure(case, Side.OURS)

    assert set(figures) == {figure.key for figure in case.figures}
    assert (figures["requests"], figures["words"]) == (3, 125)
    # One poll of the five is that of the minute: strings and battery unit.
    assert figures["mean_requests"] == 3 + 2 / 5
    assert figures["mean_words"] == 125 + (20 + 70) / 5
    assert figures["cpu_us"] >= figures["loop_us"] > 0
    assert figures["writes"] >= figures["rows"] > 0
    assert figures["poll_ms"] > 0
    assert figures["first_value_s"] > 0


def test_the_peer_asks_and_makes_nothing_of_it() -> None:
    case = _case("inverter, meter and battery")
    figures = measure(case, Side.PEER)

    assert set(figures) == {figure.key for figure in case.figures}
    assert (figures["requests"], figures["words"]) == (4, 125)
    assert figures["mean_requests"] == 4
    assert figures["writes"] == figures["rows"] == 0


def test_the_peer_asks_what_was_counted() -> None:
    counted = {
        setup: (len(one.reads), sum(words for _, words in one.reads))
        for setup, one in SETUPS.items()
    }

    assert counted == {
        "inverter": (2, 72),
        "inverter and meter": (3, 97),
        "inverter, meter and battery": (4, 125),
    }


def test_requests_are_told_by_poll() -> None:
    first, second = Read(32064, 56), Read(37100, 39)

    assert by_poll([first, second, first, second, first]) == [
        [first, second],
        [first, second],
        [first],
    ]


def test_the_device_ends_with_its_context() -> None:
    with Device("inverter", 1) as device:
        assert device.port > 0
        assert device.take_reads() == []

    assert device._process.returncode == 0
