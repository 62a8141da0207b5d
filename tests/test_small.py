"""Small cells: whatever is hidden cannot be worked out from what is shown."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.small import bridges, hidden, hidden_in_all, is_small

ROWS, COLUMNS = "ABCDE", "vwxyz"


@st.composite
def tables(draw):
    """Cells of units, each with a value; some are empty, some small; the city is their sum."""
    cells = draw(st.sets(st.tuples(st.sampled_from(ROWS), st.sampled_from(COLUMNS)), min_size=1))
    values = {cell: Decimal(draw(st.integers(1, 1000))) for cell in sorted(cells)}
    small = draw(st.sets(st.sampled_from(sorted(values))))
    for column in {column for _, column in values}:
        values["city", column] = sum(value for cell, value in values.items() if cell[1] == column)
    return values, small


def determined(values, unknown):
    """The hidden cells that the totals of rows and the sums of columns fix, by elimination on exact fractions."""
    order = sorted(unknown)
    equations = []
    for row in {row for row, _ in order}:
        equations.append([Fraction(cell[0] == row) for cell in order])
    for column in {column for _, column in order}:
        equations.append([Fraction((cell[1] == column) * (-1 if cell[0] == "city" else 1)) for cell in order])
    rank = 0
    for at in range(len(order)):
        pivot = next((n for n in range(rank, len(equations)) if equations[n][at]), None)
        if pivot is None:
            continue
        equations[rank], equations[pivot] = equations[pivot], equations[rank]
        lead = equations[rank]
        equations[rank] = lead = [value / lead[at] for value in lead]
        for n, other in enumerate(equations):
            if n != rank and other[at]:
                equations[n] = [a - other[at] * b for a, b in zip(other, lead, strict=True)]
        rank += 1
    fixed = [row for row in equations[:rank] if sum(value != 0 for value in row) == 1]
    return {order[row.index(1)] for row in fixed}


@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_subtraction_restores_a_small_cell(table):
    values, small = table
    found = hidden(values, small)
    assert small <= found <= set(values)
    # But for what the totals tell with every cell hidden.
    assert determined(values, found) <= determined(values, set(values))


@settings(max_examples=30, deadline=None)
@given(st.lists(tables(), min_size=1, max_size=4))
def test_no_table_of_several_restores_one_of_its_small_cells_and_a_later_one_only_adds(months):
    found = hidden_in_all(months)
    for values, small in months:
        live = {cell for cell in found if cell in values}
        assert determined(values, live) & small <= determined(values, set(values))
    for most in range(len(months)):
        assert hidden_in_all(months[:most]) <= found


def test_a_month_in_which_what_is_hidden_beside_a_cell_is_empty_hides_another():
    """B shows that it has nothing of v and w in the second month: A's v would be the city's less the others'."""
    first = {(row, column): Decimal(10) for row in "AB" for column in "vw"}
    first |= {("C", column): Decimal(50) for column in "vwx"}
    second = {("A", "v"): Decimal(5), ("A", "w"): Decimal(5)} | {("C", c): Decimal(50) for c in "vwx"}
    for month in (first, second):
        for column in "vwx":
            if any(cell[1] == column for cell in month):
                month["city", column] = sum(month[cell] for cell in month if cell[1] == column)
    square = {("A", "v"), ("A", "w"), ("B", "v"), ("B", "w")}
    assert hidden_in_all([(first, [("A", "v")])]) == square
    both = hidden_in_all([(first, [("A", "v")]), (second, [("A", "v")])])
    assert both == square | {("C", "v"), ("C", "w")}


def test_the_bridges_are_what_elimination_finds():
    square = {("A", "v"), ("A", "w"), ("B", "v"), ("B", "w")}
    assert bridges(square) == set()
    assert bridges(square | {("B", "x")}) == {("B", "x")}
    assert bridges({("A", "v")}) == {("A", "v")}


def test_one_small_cell_takes_the_three_smallest_others_of_a_square_with_it():
    values = {(row, column): Decimal(100) for row in "ABC" for column in "vwx"}
    values["A", "v"] = Decimal(1)
    values["A", "w"] = values["B", "w"] = values["B", "v"] = Decimal(10)
    assert hidden(values, {("A", "v")}) == {("A", "v"), ("A", "w"), ("B", "v"), ("B", "w")}


def test_a_code_of_one_unit_is_hidden_in_the_city_too():
    values = {("A", "v"): Decimal(5), ("A", "w"): Decimal(9), ("B", "w"): Decimal(9)}
    values |= {("city", "v"): Decimal(5), ("city", "w"): Decimal(18)}
    assert ("city", "v") in hidden(values, {("A", "v")})


def test_a_cell_is_small_by_its_firms_or_by_its_largest():
    assert is_small(2, Decimal(50), Decimal(100)) and is_small(9, Decimal(86), Decimal(100))
    assert not is_small(3, Decimal(85), Decimal(100)) and not is_small(0, Decimal(0), Decimal(0))
