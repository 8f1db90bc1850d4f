"""How claims are read, refused and counted."""

import nbformat
import pytest

from tools.claims import VERDICTS, Claim, claims, counted


@pytest.mark.parametrize(
    "row",
    [
        "| {cite:t}`lin2014` | A claim | **Maybe** | [cell](label) |",
        "| {cite:t}`lin2014` | A claim | **Holds sometimes** | [cell](label) |",
        "| {cite:t}`lin2014` | A claim | **holds** | [cell](label) |",
        "| {cite:t}`lin2014` | A claim | It **Holds** | [cell](label) |",
        "| {cite:t}`lin2014` | A claim | Holds | [cell](label) |",
        "| {cite:t}`lin2014` | A claim | **Holds** |",
        "| {cite:p}`lin2014` | A claim | **Holds** | [cell](label) |",
    ],
)
def test_a_claim_out_of_form_is_refused(row, tmp_path):
    path = tmp_path / "chapter.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(row)]), path)
    with pytest.raises(ValueError, match=r"chapter\.ipynb: expected \| source"):
        claims(path)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_claim_in_form_is_read(verdict, tmp_path):
    path = tmp_path / "chapter.ipynb"
    row = f"| {{cite:t}}`lin2014`, {{cite:t}}`prakash` | A claim | **{verdict}**: of these | [cell](label) |"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(row)]), path)
    (claim,) = claims(path)
    assert claim == (("lin2014", "prakash"), "A claim", f"**{verdict}**: of these", "[cell](label)")
    assert claim.kind == verdict


def test_verdicts_are_counted_in_a_sentence():
    def row(verdict):
        return Claim(("lin2014",), "A claim", f"**{verdict}**, here", "[cell](label)")

    assert counted([row("Holds")]) == counted([]) == ""
    assert counted([row("Does not hold"), row("Holds"), row("Holds")]) == "3 claims: 2 hold, 1 does not hold."
    assert counted([row(verdict) for verdict in VERDICTS]) == (
        "6 claims: 1 holds, 1 holds with a condition, 1 holds in part, 1 does not hold, 1 is not reproduced here, "
        "1 cannot be tested here."
    )
    assert counted([row(verdict) for verdict in VERDICTS for _ in range(2)]) == (
        "12 claims: 2 hold, 2 hold with a condition, 2 hold in part, 2 do not hold, 2 are not reproduced here, "
        "2 cannot be tested here."
    )
