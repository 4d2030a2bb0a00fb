"""Figures for commissioners: of their own council, or of their region. Nothing here shows a case.

What is read for a region is read under a login that sees figures of the region's councils and nothing else of them.
"""

import dataclasses
from collections.abc import Mapping

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Fresh, Permission, requires
from parley.db.scope import region_scope
from parley.db.session import LoginUnavailableError
from parley.kernel.errors import NotFound
from parley.reporting import queries, wording
from parley.reporting.domain.publication import Cell, ContractQuarter, Figure, publish
from parley.reporting.domain.quarters import quarter_of
from parley.reporting.export import Named, csv_of
from parley.reporting.service import ask_to_count
from parley.tenancy.queries import region_of
from parley.web import current
from parley.web.runtime import runtime
from parley.workspaces.council.figure_tables import bars, contracts, sections


@dataclasses.dataclass(frozen=True, kw_only=True)
class Year:
    """One financial year as it is shown, and the years that there are, newest first."""

    named: Named
    years: list[int]
    rows: list[ContractQuarter]
    figures: Mapping[Cell, Figure]


@requires(Permission.MEASURES_READ)
def council_figures() -> str:
    """Show the council's own figures of one year."""
    return _page(_of_council(), own=True)


@requires(Permission.MEASURES_READ, fresh=Fresh.DOWNLOAD)
def council_csv() -> Response:
    """Return the council's own figures of one year as CSV."""
    return _csv(_of_council(), current.site().council.slug)


@requires(Permission.MEASURES_READ)
def count_again() -> ResponseReturnValue:
    """Have the council's figures counted soon; nobody waits for it on a page."""
    ask_to_count(current.session(), authority_id=current.authority_id())
    flash("The figures are being counted. Open this page again in a minute.")
    return redirect(url_for(".figures"), 303)


@requires(Permission.REGION_MEASURES_READ)
def region_figures() -> ResponseReturnValue:
    """Show the figures of the councils of the region in one year."""
    try:
        return _page(_of_region()[0], own=False)
    except LoginUnavailableError:
        return render_template("council/figures_elsewhere.html"), 503


@requires(Permission.REGION_MEASURES_READ, fresh=Fresh.DOWNLOAD)
def region_csv() -> ResponseReturnValue:
    """Return the figures of the councils of the region in one year as CSV."""
    try:
        return _csv(*_of_region())
    except LoginUnavailableError:
        return render_template("council/figures_elsewhere.html"), 503


def _of_council() -> Year:
    session, council = current.session(), current.site().council
    years = queries.years_counted(session)
    year = _wanted(years)
    rows = queries.council_figures(session, council.id, year)
    named = Named(
        year=year,
        whole=council.name,
        councils={council.id: (council.name, council.gss_code)},
        providers=queries.provider_names(session),
    )
    return Year(named=named, years=years, rows=rows, figures=publish(rows, current.today(), for_region=False))


def _of_region() -> tuple[Year, str]:
    """Return the region's year, and the region's short name. Raises LoginUnavailableError."""
    region = region_of(current.session(), current.authority_id())
    with runtime().database.begin(region_scope(region.id)) as session:
        years = queries.years_counted(session)
        year = _wanted(years)
        rows = queries.region_figures(session, year)
        named = Named(
            year=year,
            whole=region.name,
            councils={id_: (name, code) for id_, name, code in queries.councils_of_region(session, region.id)},
            providers=queries.provider_names(session),
        )
    shown = Year(named=named, years=years, rows=rows, figures=publish(rows, current.today(), for_region=True))
    return shown, region.slug


def _wanted(years: list[int]) -> int:
    """Return the year that the address asks for, the newest where it asks for none. Raises NotFound."""
    newest = years[0] if years else quarter_of(current.today()).year
    wanted = request.args.get("year", str(newest))
    if wanted not in {str(newest), *map(str, years)}:
        raise NotFound
    return int(wanted)


def _page(year: Year, *, own: bool) -> str:
    return render_template(
        "council/figures.html",
        own=own,
        year=year,
        name=wording.year_name(year.named.year),
        years=[
            {"text": wording.year_name(one), "href": f"?year={one}", "current": one == year.named.year}
            for one in year.years
        ],
        counted_at=max((row.counted_at for row in year.rows), default=None),
        contracts=contracts(year.rows, year.named),
        bars=bars(year.rows, year.figures, year.named, current.today()),
        sections=sections(year.rows, year.figures, year.named, current.today(), for_region=not own),
        groups=wording.GROUPS,
        titles=wording.TITLES,
        meanings=wording.MEANINGS,
        file=url_for(".figures_csv" if own else ".region_figures_csv", year=year.named.year),
    )


def _csv(year: Year, name: str) -> Response:
    file_name = f"figures-{name}-{year.named.year}-{year.named.year + 1}.csv"
    return Response(
        csv_of(year.figures, year.rows, year.named),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
    )
