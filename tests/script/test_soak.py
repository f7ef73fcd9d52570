"""What script/soak finds right and wrong in what it has seen."""

from collections import Counter
from pathlib import Path

import pytest

from script.lib.demo.say import DemoError
from script.lib.soak import __main__ as program, registry
from script.lib.soak.battery import Sample
from script.lib.soak.crash import ended_by_itself, released_at_once
from script.lib.soak.diary import Diary
from script.lib.soak.enrg_whole import judge
from script.lib.soak.homevolt_crash import holds
from script.lib.soak.huawei_crash import follows_house

END_S = 60.0


def charging(at_s: float, power_w: int = -1000) -> Sample:
    return Sample(at_s, power_w, commanded=True)


def free(at_s: float, power_w: int = 200) -> Sample:
    return Sample(at_s, power_w, commanded=False)


def test_a_command_that_ends_at_its_end_is_right() -> None:
    assert ended_by_itself([charging(1), charging(59), free(60.4)], END_S) == []


@pytest.mark.parametrize(
    "seen",
    [
        [free(1)],
        [charging(1), charging(30, power_w=-400), free(60)],
        [charging(1), free(20)],
        [charging(1), free(70)],
        [charging(1), charging(80)],
    ],
)
def test_a_command_that_ends_otherwise_is_wrong(seen: list[Sample]) -> None:
    assert len(ended_by_itself(seen, END_S)) == 1


def test_a_release_at_the_stop_is_right() -> None:
    assert released_at_once([charging(0), charging(0.3), free(1.2)]) == []


@pytest.mark.parametrize(
    "seen",
    [[free(0), free(1)], [charging(0), free(9)], [charging(0), charging(30)]],
)
def test_a_release_that_is_late_or_none_is_wrong(seen: list[Sample]) -> None:
    assert len(released_at_once(seen)) == 1


def test_the_house_is_supplied_again() -> None:
    assert follows_house([free(0, power_w=-300), free(9)]) == []
    assert follows_house([free(0), free(9, power_w=-1000)])
    assert follows_house([free(0), charging(3), free(9)])


def test_the_battery_holds() -> None:
    assert holds([free(0, power_w=0), free(9, power_w=0)]) == []
    assert holds([free(0, power_w=0), free(9, power_w=100)])
    assert holds([free(0, power_w=0), charging(3), free(9, power_w=0)])


@pytest.mark.parametrize(("wrong", "code"), [([], 0), (["it went on"], 1), (None, 1)])
def test_the_exit_code_says_whether_it_was_as_it_must_be(
    wrong: list[str] | None,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def watch(folder: Path, diary: Diary) -> list[str]:
        diary.note("looking")
        if wrong is None:
            raise DemoError("nothing started")
        return wrong

    monkeypatch.setitem(registry.SOAKS, "stub", watch)
    assert program.main(["stub"]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("looking")
    assert ("WRONG" in lines[1]) is (code == 1)


def test_a_name_that_nobody_has_is_refused() -> None:
    with pytest.raises(SystemExit):
        program.main(["nonsense"])


def test_what_was_delivered_is_held_against_what_was_to_be() -> None:
    expected = Counter({("A", "12:00"): 1, ("A", "13:00"): 1})
    later = Counter({("A", "14:00"): 1})
    assert judge(expected, expected + later) == []
    stored = Counter({("A", "12:00"): 2, ("B", "12:00"): 1})
    assert [one.split(":")[0] for one in judge(expected, stored)] == [
        "1 lost",
        "1 invented",
        "1 stored more than once",
    ]
