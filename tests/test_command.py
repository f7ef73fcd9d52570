"""What a battery can be told: the rules that every brand shares."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.energy_hub.command import (
    Capability,
    Command,
    CommandError,
    Mode,
    check,
    reached,
)

NOW = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
CAN = Capability(
    modes=frozenset({Mode.IDLE, Mode.INVERTER_CHARGE, Mode.INVERTER_DISCHARGE}),
    settings=frozenset({Mode.SELF_CONSUMPTION}),
    charge_w=5000,
    discharge_w=4000,
    soc=50,
    min_soc=10,
    max_soc=95,
    fields=frozenset({"min_soc", "max_soc"}),
)
CHARGE, DISCHARGE = Mode.INVERTER_CHARGE, Mode.INVERTER_DISCHARGE


@pytest.mark.parametrize(
    "command",
    [
        Command(mode=Mode.IDLE),
        Command(mode=Mode.SELF_CONSUMPTION),
        Command(mode=CHARGE, power_w=5000, until=NOW + timedelta(days=1)),
        Command(mode=DISCHARGE, power_w=1, target_soc=10),
        Command(mode=Mode.IDLE, min_soc=10, max_soc=95),
    ],
)
def test_what_it_can_be_told(command: Command) -> None:
    check(command, CAN, NOW)


@pytest.mark.parametrize(
    ("command", "key"),
    [
        (Command(mode=Mode.GRID_CHARGE), "mode_not_offered"),
        (Command(mode=Mode.IDLE, import_limit_w=1), "field_not_offered"),
        (Command(mode=Mode.SELF_CONSUMPTION, power_w=1), "mode_has_no_end"),
        (Command(mode=Mode.SELF_CONSUMPTION, target_soc=1), "mode_has_no_end"),
        (Command(mode=Mode.SELF_CONSUMPTION, until=NOW), "mode_has_no_end"),
        (Command(mode=Mode.IDLE, until=NOW), "end_in_past"),
        (Command(mode=Mode.IDLE, until=NOW + timedelta(hours=24, seconds=1)), "end_too_late"),
        (Command(mode=CHARGE), "power_missing"),
        (Command(mode=CHARGE, power_w=0), "power_out_of_range"),
        (Command(mode=CHARGE, power_w=5001), "power_out_of_range"),
        (Command(mode=DISCHARGE, power_w=4001), "power_out_of_range"),
        (Command(mode=DISCHARGE, power_w=float("nan")), "power_out_of_range"),
        (Command(mode=CHARGE, power_w=1, target_soc=96), "soc_out_of_range"),
        (Command(mode=CHARGE, power_w=1, target_soc=50), "soc_reached"),
        (Command(mode=DISCHARGE, power_w=1, target_soc=50), "soc_reached"),
        (Command(mode=Mode.IDLE, min_soc=50, max_soc=50), "soc_limits_crossed"),
    ],
)
def test_what_it_cannot_be_told(command: Command, key: str) -> None:
    with pytest.raises(CommandError) as refused:
        check(command, CAN, NOW)
    assert refused.value.key == key


def test_what_is_not_known_is_not_risked() -> None:
    silent = Capability(modes=CAN.modes, charge_w=None, discharge_w=None)
    with pytest.raises(CommandError) as refused:
        check(Command(mode=CHARGE, power_w=100), silent, NOW)
    assert refused.value.key == "limit_unknown"
    with pytest.raises(CommandError) as refused:
        check(Command(mode=Mode.IDLE, target_soc=80), silent, NOW)
    assert refused.value.key == "soc_unknown"


@given(st.floats(0, 100), st.floats(0, 100), st.sampled_from([CHARGE, DISCHARGE]))
def test_a_target_is_ahead_or_reached(soc: float, target: float, mode: Mode) -> None:
    command = Command(mode=mode, power_w=100, target_soc=target)
    ahead = target > soc if mode is CHARGE else target < soc
    assert reached(command, soc) is not ahead
    assert not reached(command, None)
