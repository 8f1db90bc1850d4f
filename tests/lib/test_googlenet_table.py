"""lib.googlenet_table against the paper's numbers and arithmetic done by hand."""

import pytest

from lib.googlenet_table import TABLE_1, agrees, audit, count_rows
from lib.inception import MODULES

CELLS = {row[0]: row[1:] for row in audit().rows}


def test_the_printed_table():
    assert list(TABLE_1) == ["7×7", "3×3", *MODULES, "linear"]
    assert TABLE_1["4c"] == (463, 100)
    assert sum(m for _, m in TABLE_1.values()) == pytest.approx(1500, abs=10)  # as the text says: 1.5 billion


def test_rows_are_counted_by_hand():
    counted, c = count_rows(), 192
    assert counted["7×7"] == (49 * 3 * 64 / 1024, 49 * 3 * 64 * 112**2 / 1e6)
    assert counted["3×3"] == ((64 * 64 + 9 * 64 * 192) / 1024, (64 * 64 + 9 * 64 * 192) * 56**2 / 1e6)
    for name, (c1, r3, f3, r5, f5, pool) in MODULES.items():
        weights = c * (c1 + r3 + r5 + pool) + 9 * r3 * f3 + 25 * r5 * f5
        side = {"3": 28, "4": 14, "5": 7}[name[0]]
        assert counted[name] == (weights / 1024, weights * side**2 / 1e6)
        c = c1 + f3 + f5 + pool
    assert list(counted) == list(TABLE_1)


@pytest.mark.parametrize(
    ("paper", "counted", "right"),
    [
        *((100, 101, True), (100, 101.1, False), (1, 2, True), (1, 2.1, False), (2.5, 2.59, True), (2.5, 2.61, False)),
        *((1000, 1010, True), (1000, 1011, False), (1010, 1000, True), (1011, 1000, False), (-100, -101, True)),
    ],
)
def test_one_per_cent_or_one_unit_of_the_last_digit(paper, counted, right):
    assert agrees(paper, counted) is right


def test_what_each_row_is_told():
    verdicts = {row: cells[-2] for row, cells in CELLS.items()}
    agreeing = ["3×3", "3a", "3b", "4a", "4b", "4e", "linear"]
    assert [row for row, words in verdicts.items() if words == "agrees"] == agreeing
    assert verdicts["7×7"] == "K\u00a0−70.6\u00a0%, M\u00a0−71.2\u00a0%"  # 2.7 / 9.1875, 34 / 118.01
    assert verdicts["5a"] == "K\u00a0+5.3\u00a0%, M\u00a0+5.7\u00a0%"


def test_weights_from_operations():
    fits = {row: cells[-1] for row, cells in CELLS.items()}
    assert [row for row, words in fits.items() if words.startswith("no")] == ["4c", "4d", "4e", "5b"]
    assert fits["4c"] == "no: 493\u00a0to\u00a0503"  # 99 and 101 million by 196 pixels and by 1,024
    assert fits["5b"] == "no: 1,395\u00a0to\u00a01,435"  # 70 and 72 million by 49 pixels
    assert {fits[row] for row in ("7×7", "3×3", "3a", "3b", "4a", "4b", "5a")} == {"yes"}
    assert fits["linear"] == "–"


def test_the_sums():
    assert audit().total == ["all", "6,798", "6,826", "1,502", "1,583", "", ""]
