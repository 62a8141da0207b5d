"""Small cells: what must stay hidden of a table so that no subtraction restores what few firms make up. Pure.

A table has rows (places, the city among them as the sum of its units) and columns (codes); the total of every row is
known, and a column's cells of the units add up to the city's. A hidden cell is then determined exactly where its
edge is a bridge in the graph of rows and columns that the hidden cells are the edges of (Gusfield 1988), so cells are
hidden until there is no bridge: cycles, of the smallest further cells that there are.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction

Cell = tuple[str, str]  # row, column
FEWEST_FIRMS = 3
LARGEST_SHARE = Decimal("0.85")


def is_small(firms: int, largest: Decimal | Fraction, value: Decimal | Fraction) -> bool:
    """Whether a cell tells of single firms: fewer than three make it up, or one has over 85 % of it. Empty: no."""
    return 0 < firms < FEWEST_FIRMS or (firms > 0 and largest > Fraction(LARGEST_SHARE) * Fraction(value))


def hidden_in_all(tables: Iterable[tuple[Mapping[Cell, Decimal], Iterable[Cell]]]) -> frozenset[Cell]:
    """What must be hidden in each of several tables of the same places and codes, such as months, the oldest first.

    A later table adds to what the older ones hide and takes nothing away: who keeps what was shown before it came, or
    opens it again, has no other cells to subtract.
    """
    found: frozenset[Cell] = frozenset()
    for values, small in tables:
        found = hidden(values, small, found)
    return found


def hidden(
    values: Mapping[Cell, Decimal], small: Iterable[Cell], already: frozenset[Cell] = frozenset()
) -> frozenset[Cell]:
    """The small cells, those hidden already, and those that must be hidden with them.

    values: of every cell that is not empty; an empty one hides nothing, for its place shows nothing of what is hidden.
    What the totals tell with every cell hidden, such as the only code of a place, cannot be kept back by hiding more.
    """
    few = {cell for cell in small if cell in values}
    found = few | already
    while weak := (bridges(found & values.keys()) & few) - bridges(values):
        found |= _cycle(values, found, min(weak, key=lambda cell: (values[cell], cell)))
    return frozenset(found)


def bridges(edges: Iterable[Cell]) -> set[Cell]:
    """The cells whose edge lies on no cycle."""
    neighbours: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for row, column in edges:
        neighbours.setdefault((0, row), []).append((1, column))
        neighbours.setdefault((1, column), []).append((0, row))
    seen: dict[tuple[int, str], int] = {}
    low: dict[tuple[int, str], int] = {}
    found: set[Cell] = set()
    for root in neighbours:
        if root not in seen:
            _walk(root, neighbours, seen, low, found)
    return found


def _walk(
    root: tuple[int, str],
    neighbours: Mapping[tuple[int, str], list[tuple[int, str]]],
    seen: dict[tuple[int, str], int],
    low: dict[tuple[int, str], int],
    found: set[Cell],
) -> None:
    """Depth first without recursion; an edge is a bridge where nothing below it reaches back above it."""
    stack = [(root, None, iter(neighbours[root]))]
    seen[root] = low[root] = len(seen)
    while stack:
        node, parent, rest = stack[-1]
        for other in rest:
            if other == parent:
                continue
            if other in seen:
                low[node] = min(low[node], seen[other])
                continue
            seen[other] = low[other] = len(seen)
            stack.append((other, node, iter(neighbours[other])))  # type: ignore[arg-type]
            break
        else:
            stack.pop()
            if parent is not None:
                low[parent] = min(low[parent], low[node])
                if low[node] > seen[parent]:
                    row, column = (node, parent) if node[0] == 0 else (parent, node)
                    found.add((row[1], column[1]))


def _cycle(values: Mapping[Cell, Decimal], found: AbstractSet[Cell], cell: Cell) -> set[Cell]:
    """The further cells of the least value that close a cycle of four through the cell.

    There always is one: the city has every code, and a place whose totals do not tell all has two.
    """
    row, column = cell
    beside = [second for other, second in values if other == row and second != column]
    across = [first for first, other in values if other == column and first != row]
    squares = (
        {(row, second), (first, column), (first, second)} - found
        for second in beside
        for first in across
        if (first, second) in values
    )
    return min(squares, key=lambda more: (sum(abs(values[item]) for item in more), sorted(more)))
