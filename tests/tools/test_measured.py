"""The README's table of measurements, and the command that makes it."""

import re

import pytest

from tools.measured import README, ROWS, renewed


@pytest.mark.parametrize("name", ROWS)
def test_each_row_of_the_readme_is_made_by_the_command(name):
    page = README.read_text(encoding="utf-8")
    assert "| 42 |" in renewed(page, name, "42")
    title = re.escape(ROWS[name][0])
    assert re.search(rf"^\| {title} \| \S.* \|$", page, re.MULTILINE), "it has never been measured"


def test_a_row_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"README\.md: expected a row"):
        renewed("no table", "book", "1 minute")
