"""Commissioners read figures, of their council or of their region, on a page and as CSV, and never a case."""

import csv
import datetime as dt
import io
import uuid
from collections.abc import Callable

import pytest
from flask import Flask

from parley.access.domain import Role
from parley.db.scope import authority_scope
from parley.kernel.clock import FixedClock
from parley.reporting.export import COLUMNS
from parley.tenancy.domain import Authority, ProviderOrganisation
from parley.tenancy.queries import commissions, region_of
from support.factories import Factory
from support.family import Served, heading, words
from support.figures import asked_on, count_now, keep_row
from support.staff import Officer, told_case

Visit = Callable[..., Officer]

#: The last quarter that is over at the moment of the tests.
SUMMER = [dt.date(2026, 7, day) for day in range(1, 13)]


@pytest.fixture
def commissioner(visit: Visit, make: Factory) -> Officer:
    """The council's commissioner, signed in."""
    person = visit()
    person.sign_in(make, role=Role.COMMISSIONER)
    return person


@pytest.fixture
def for_region(visit: Visit, make: Factory) -> Officer:
    """A commissioner of the region in which the council lies, signed in at the council."""
    person = visit()
    person.sign_in(make, role=Role.REGION_COMMISSIONER)
    return person


def neighbour(make: Factory, council: Served, *, name: str = "Exampleton Council") -> Authority:
    """Make another council of the same region, with a provider of its own."""
    with make.database.begin(authority_scope(council.authority.id)) as session:
        region_id = region_of(session, council.authority.id).id
    return make.authority(name=name, region_id=region_id)


def lines(page: str) -> list[dict[str, str]]:
    """Return the lines of a CSV."""
    return list(csv.DictReader(io.StringIO(page)))


def _commission_id(make: Factory, authority: Authority, provider: ProviderOrganisation) -> uuid.UUID:
    with make.database.begin(authority_scope(authority.id)) as session:
        return next(one.id for one in commissions(session, authority.id) if one.provider.id == provider.id)


def test_a_commissioner_begins_with_figures_and_sees_no_case(
    commissioner: Officer, make: Factory, council: Served
) -> None:
    made = told_case(make, council)
    start = commissioner.follow(commissioner.get("/council"))
    assert heading(start) == "Figures"
    assert "Find a case" not in start.text
    for path in ("cases", "search", "rules", f"cases/{made.id}", f"cases/{made.id}/answer", "region", "region.csv"):
        assert commissioner.get(f"/council/{path}").status_code == 403


def test_before_anything_was_counted_the_page_says_so(commissioner: Officer) -> None:
    said = words(commissioner.get("/council/figures"))
    assert "There are no figures yet" in said
    assert "They are counted every night" in said
    assert "Why some figures are not shown" in said


def test_figures_of_a_quarter_are_shown_with_their_meaning(
    commissioner: Officer, make: Factory, council: Served
) -> None:
    asked_on(make, council.authority, council.provider, *SUMMER)
    count_now(make.database, council.authority)
    said = words(commissioner.get("/council/figures"))
    assert "April 2026 to March 2027" in said
    assert "Counted 24 November 2026 at 10am" in said
    assert "Jul to Sep 2026 Global Mediation 12" in said
    # The columns are the four quarters and the year; the one that runs is said to be so far.
    assert "Apr to Jun 2026 Jul to Sep 2026 Oct to Dec 2026, so far Jan to Mar 2027 Year Requests 12 0 12" in said
    assert "Asked online 12 Entered for a caller" not in said
    assert "Requests that reached a provider, in the quarter in which they did." in said
    assert "Contract with no first day published and with no last day published" in said


def test_both_providers_of_a_changeover_are_shown_and_summed_up(
    commissioner: Officer, make: Factory, council: Served
) -> None:
    authority, first = council.authority, council.provider
    make.commission(authority, first, ends_on=dt.date(2026, 8, 15))
    second = make.provider(name="Northern Helpers")
    make.commission(authority, second, starts_on=dt.date(2026, 8, 16))
    asked_on(make, authority, first, *SUMMER[:7])
    asked_on(make, authority, second, *[dt.date(2026, 9, day) for day in range(1, 6)])
    count_now(make.database, authority)
    said = words(commissioner.get("/council/figures"))
    assert "Global Mediation Contract with no first day published to 15 August 2026" in said
    assert "Northern Helpers Contract from 16 August 2026 with no last day published" in said
    assert "Global Mediation and Northern Helpers together" in said
    assert "Requests 12 0 12" in said


def test_small_counts_are_not_shown_anywhere(commissioner: Officer, make: Factory, council: Served) -> None:
    asked_on(make, council.authority, council.provider, *SUMMER[:3], channel="phone")
    count_now(make.database, council.authority)
    page = commissioner.get("/council/figures")
    assert "Requests 1 to 4 0 1 to 4" in words(page)
    assert "How they were asked not shown" in words(page)
    found = lines(commissioner.get("/council/figures.csv").text)
    [summer] = [
        line
        for line in found
        if (line["measure"], line["part"], line["period"], line["from"]) == ("requests", "", "quarter", "2026-07-01")
        and line["provider"]
    ]
    assert (summer["count"], summer["at_least"], summer["at_most"]) == ("", "1", "4")
    assert not [line for line in found if line["count"] in {"1", "2", "3", "4"}]


def test_the_csv_has_the_columns_that_are_promised_and_the_figures_of_the_page(
    commissioner: Officer, make: Factory, council: Served
) -> None:
    asked_on(make, council.authority, council.provider, *SUMMER)
    count_now(make.database, council.authority)
    answer = commissioner.get("/council/figures.csv?year=2026")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert f"figures-{council.authority.slug}-2026-2027.csv" in answer.headers["Content-Disposition"]
    assert answer.text.splitlines()[0] == ",".join(COLUMNS)
    [line] = [
        line
        for line in lines(answer.text)
        if (line["measure"], line["breakdown"], line["part"]) == ("requests", "channel", "online")
    ]
    assert line == {
        "area": "Derby City Council",
        "gss_code": council.authority.gss_code,
        "provider": "Global Mediation",
        "contract_from": "",
        "contract_to": "",
        "period": "quarter",
        "from": "2026-07-01",
        "to": "2026-09-30",
        "measure": "requests",
        "breakdown": "channel",
        "part": "online",
        "count": "12",
        "at_least": "12",
        "at_most": "12",
        "median_days": "",
        "due_dates_rest_on": "",
        "counted_at": "2026-11-24T10:00:00+00:00",
    }


def test_years_are_chosen_and_one_that_was_not_counted_is_no_page(
    commissioner: Officer, make: Factory, council: Served
) -> None:
    asked_on(make, council.authority, council.provider, dt.date(2026, 3, 31), dt.date(2026, 4, 1))
    count_now(make.database, council.authority)
    assert "April 2025 to March 2026" in words(commissioner.get("/council/figures?year=2025"))
    for year in ("2024", "next", "20260"):
        assert commissioner.get(f"/council/figures?year={year}").status_code == 404


def test_they_can_be_counted_anew(commissioner: Officer, make: Factory, council: Served, clock: FixedClock) -> None:
    page = commissioner.get("/council/figures")
    answer = commissioner.post_from(page, "/council/figures/count")
    assert "The figures are being counted" in words(commissioner.follow(answer))


def test_a_region_shows_each_council_and_the_sum(for_region: Officer, make: Factory, council: Served) -> None:
    other = neighbour(make, council)
    provider = make.provider(name="Northern Helpers")
    make.commission(other, provider)
    asked_on(make, council.authority, council.provider, *SUMMER)
    asked_on(make, other, provider, *SUMMER[:3])
    for authority in (council.authority, other):
        count_now(make.database, authority)
    said = words(for_region.follow(for_region.get("/council")))
    assert "Figures of the region" in said
    assert "Derby City Council: Global Mediation" in said
    assert "Exampleton Council: Northern Helpers" in said
    # 12 of one and 3 of the other: what the region has less what Derby has is no figure.
    assert "Requests 13 to 16 0 13 to 16" in said
    assert [line["count"] for line in lines(for_region.get("/council/region.csv").text) if _is_region(line)] == [
        "",
        "0",
    ]


def _is_region(line: dict[str, str]) -> bool:
    return (line["gss_code"], line["measure"], line["period"]) == ("", "requests", "quarter")


def test_a_region_shows_no_other_regions_councils(for_region: Officer, make: Factory, council: Served) -> None:
    elsewhere, provider = make.authority(name="Elsewhere Council"), make.provider()
    make.commission(elsewhere, provider)
    asked_on(make, elsewhere, provider, *SUMMER)
    count_now(make.database, elsewhere)
    assert "Elsewhere Council" not in for_region.get("/council/region").text


def test_whoever_reads_for_a_region_sees_no_case(for_region: Officer, make: Factory, council: Served) -> None:
    made = told_case(make, council)
    for path in ("cases", f"cases/{made.id}", "figures", "figures.csv", "contracts", "rules"):
        assert for_region.get(f"/council/{path}").status_code == 403


@pytest.mark.parametrize("path", ["/council/region", "/council/region.csv"])
def test_without_the_regions_login_the_page_says_so(for_region: Officer, app: Flask, path: str) -> None:
    del app.extensions["parley"].database._engines["region"]
    answer = for_region.get(path)
    assert answer.status_code == 503
    assert "The region’s figures cannot be shown from here" in words(answer)


def test_officers_and_families_read_no_figures(officer: Officer, parent: Officer) -> None:
    for path in ("figures", "figures.csv", "region", "region.csv"):
        assert officer.get(f"/council/{path}").status_code == 403
        assert parent.get(f"/council/{path}").status_code == 403


def test_a_name_that_looks_like_a_formula_stays_text(commissioner: Officer, make: Factory, council: Served) -> None:
    provider = make.provider(name='=HYPERLINK("https://example.org")')
    make.commission(council.authority, provider)
    commission_id = _commission_id(make, council.authority, provider)
    keep_row(make.database, council.authority, commission_id, provider_id=provider.id, counts={"requests": 7})
    found = {line["provider"] for line in lines(commissioner.get("/council/figures.csv").text)}
    assert '\'=HYPERLINK("https://example.org")' in found
    assert not [name for name in found if name.startswith("=")]
