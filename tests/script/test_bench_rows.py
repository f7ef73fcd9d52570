"""Medians, ratios and how they are shown."""

from script.lib.bench.row import Row, Samples, table


def _row(ours: tuple[float, ...], peer: tuple[float, ...], figure: str = "CPU") -> Row:
    return Row(
        work="work",
        figure=figure,
        unit="us",
        ours=Samples(ours),
        peer=Samples(peer),
        peer_name="somebody",
    )


def test_a_row_compares_medians_not_means() -> None:
    row = _row((1.0, 2.0, 900.0), (4.0, 3.0, 5.0))

    assert row.as_json() == {
        "work": "work",
        "figure": "CPU",
        "unit": "us",
        "ours": 2.0,
        "peer": 4.0,
        "peer_name": "somebody",
        "ratio": 0.5,
    }


def test_nothing_to_divide_by_is_no_ratio() -> None:
    assert _row((1.0,), (0.0,)).as_json()["ratio"] is None


def test_samples_say_how_far_they_spread() -> None:
    assert str(Samples((1702.4, 1652.0, 1817.0))) == "1702 (1652 - 1817)"
    assert str(Samples((12.34, 0.5))) == "6.42 (0.50 - 12.3)"


def test_the_table_has_one_block_for_each_work_and_aligned_columns() -> None:
    text = table([_row((1.0,), (2.0,)), _row((100.0,), (0.0,), "rows")])

    head, columns, first, second = text.splitlines()
    assert head == "work; peer: somebody"
    assert first.split() == [
        "CPU",
        "(us)",
        "1.00",
        "(1.00",
        "-",
        "1.00)",
        "2.00",
        "(2.00",
        "-",
        "2.00)",
        "0.50",
    ]
    assert first.index("1.00") == second.index("100") == columns.index("ours")
