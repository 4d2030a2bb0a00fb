"""England's bank holidays, as data for `parley.kernel.calendar`."""

from datetime import date
from functools import lru_cache

from holidays import country_holidays


@lru_cache(maxsize=64)
def england_bank_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """Every bank holiday in England, substitute days included, from `first_year` to `last_year`."""
    years = range(first_year, last_year + 1)
    return frozenset(country_holidays("GB", subdiv="ENG", years=years))


def bank_holidays_around(day: date) -> frozenset[date]:
    """The bank holidays of the year before, of and after `day`: enough for any period counted from it."""
    return england_bank_holidays(day.year - 1, day.year + 1)
