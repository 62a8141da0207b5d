"""Everything a brief says, as frozen records. Amounts are yuan, shares and growths fractions, periods ``YYYY-MM``."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from dashboard.board import Board, Light, Rank, before
from dashboard.brief.request import Request
from dashboard.notes.record import Annotation
from dashboard.questions.cbec import Cbec
from dashboard.questions.firms import Mover, NearFirm, Passage, Tally, Tiers
from dashboard.questions.paid import Support
from dashboard.questions.places import Cases
from dashboard.store import Meta, Source
from etl.policy import Indicator, Policy


@dataclass(frozen=True)
class Trade:
    """A place's trade in one month, as the snapshot has it; None where it is not known."""

    unit: str
    period: str
    month_total: Decimal | None
    month_export: Decimal | None
    month_import: Decimal | None
    ytd_total: Decimal | None
    ytd_export: Decimal | None
    ytd_import: Decimal | None
    ttm_total: Decimal | None
    ttm_export: Decimal | None
    ttm_import: Decimal | None
    months: int | None

    def of(self, measure: str) -> Decimal | None:
        """One amount by its name, such as ``ytd_export``."""
        value: Decimal | None = getattr(self, measure)
        return value


@dataclass(frozen=True)
class Firms:
    """Single firms, for a brief that may name them."""

    near: tuple[NearFirm, ...]
    movers: tuple[Mover, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Before:
    """The brief that this one is compared with. board: None where its snapshot cannot be read any more."""

    made_at: str
    snapshot: str
    period: str
    board: Board | None


@dataclass(frozen=True)
class Facts:
    """One reading of a snapshot. place: the unit the brief is about, the city's code for the city.

    needs: by indicator, what the place's remaining months must each bring; unit_needs: of a brief on one indicator, the
    same by unit. ends: the year-end estimates by the
    rule, as lights without colour. trade, cbec: by (unit, period).
    """

    meta: Meta
    policy: Policy
    board: Board
    request: Request
    made_at: str
    maker: str
    trade: Mapping[tuple[str, str], Trade]
    cbec: Mapping[tuple[str, str], Cbec]
    tiers: Tiers
    tally: Tally | None
    firms: Firms | None
    aeo: int | None
    rebates: tuple[Cases, ...]
    support: Support
    notes: tuple[Annotation, ...]
    needs: Mapping[str, str]
    unit_needs: Mapping[str, str]
    ends: Mapping[str, Light]
    sources: tuple[Source, ...]
    waiting: int
    before: Before | None

    @property
    def period(self) -> str:
        """The month of the brief."""
        return self.request.period

    @property
    def place(self) -> str:
        """The unit that the brief is about."""
        return self.request.unit

    @property
    def of_city(self) -> bool:
        """Whether it is about the whole city."""
        return self.place == self.policy.city.code

    @property
    def name(self) -> str:
        """The place as running text calls it: 「全市」, 「道县」."""
        return self.policy.unit(self.place).short

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators that the brief is about, in the document's order."""
        only = self.request.indicator
        return tuple(item for item in self.policy.indicators if not only or item.id == only)

    def light(self, indicator: str, unit: str = "", period: str = "") -> Light | None:
        """One light, of the brief's place and month where nothing else is said."""
        return self.board.light(indicator, unit or self.place, period or self.period)

    def rank(self, unit: str, months_back: int = 0) -> Rank | None:
        """A unit's 综合位次."""
        return self.board.rank(unit, before(self.period, months_back) if months_back else self.period)

    def amounts(self, unit: str, months_back: int = 0) -> Trade | None:
        """A unit's trade that many months before the brief's."""
        return self.trade.get((unit, before(self.period, months_back) if months_back else self.period))
