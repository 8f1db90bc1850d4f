"""What pages say to whoever listens."""

from docutils import nodes

from tools.spoken import made, spoken

CLAIMS = (
    '<h3>A <em>paper</em><a class="headerlink" href="#a">#</a></h3><table class="table">'
    '<thead><tr><th class="head"><p>Source</p></th><th class="head"><p>Claim</p></th></tr></thead>'
    "<tbody><tr><td><p>Somebody</p></td><td><p>It mixes</p></td></tr></tbody></table>"
)


def test_a_table_of_claims_has_a_name_and_each_row_its_claim():
    page = spoken(CLAIMS)
    assert '<table aria-label="A paper" class="table">' in page
    assert '<td><p>Somebody</p></td><th scope="row" class="claim"><p>It mixes</p></th></tr>' in page
    assert spoken(CLAIMS.replace("Claim", "Verdict")).count("<td>") == 2


def test_no_column_of_numbers_is_without_a_name():
    header = '<tr><th scope="col"></th><th scope="col">loss</th><th scope="col"></th></tr>'
    named = '<tr><td></td><th scope="col">loss</th><th scope="col" aria-label="told apart?"></th></tr>'
    assert spoken(header) == named


def test_a_thread_is_called_by_its_number_and_where_it_is():
    link = '<a class="reference external" href="https://www.example.org/q/1">2</a>'
    assert ' aria-label="2, example.org">2</a>' in spoken(link)


def test_a_fold_of_code_says_what_it_makes():
    def table(names):
        return nodes.raw("", "".join(f'<th scope="col">{name}</th>' for name in names), format="html")

    figure = nodes.figure(ids=["fig-a"])
    assert made(nodes.container("", table("abcd"), figure), {"fig-a": (5, 1)}) == "of Fig. 5.1"
    assert made(nodes.container("", table("abcd"), figure), {}) == "of the table: a, b, c"
    assert made(nodes.container("", nodes.paragraph()), {}) == ""
