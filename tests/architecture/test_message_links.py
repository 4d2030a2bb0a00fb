"""The address in every message leads to a page that is there."""

import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask

from parley.app import case_page, concerns_page, create_app
from parley.kernel.ids import new_id
from parley.notifications.domain import RecipientKind
from parley.tenancy.domain import Authority, AuthorityState
from parley.web.sites import Audience
from support.deployment import deployment

NOWHERE = {login: "postgresql://nobody@127.0.0.1:1/none" for login in ("app", "provider", "operator")}
DERBY = Authority(
    id=new_id(),
    slug="derby",
    name="Derby City Council",
    gss_code="E06000015",
    reference_prefix="DER",
    state=AuthorityState.LIVE,
    hosts=("derby.localhost",),
    profile={},
)
PROVIDERS_OWN = {RecipientKind.PROVIDER, RecipientKind.ADMINISTRATOR}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application, without a database that answers."""
    built = create_app(deployment(tmp_path_factory.mktemp("app"), NOWHERE))
    yield built
    built.extensions["parley"].database.dispose()


@pytest.mark.parametrize("kind", sorted(set(RecipientKind) - {RecipientKind.SAFEGUARDING_LEAD}))
def test_the_address_in_a_message_is_a_page_of_its_recipient(app: Flask, kind: RecipientKind) -> None:
    case_id = uuid.uuid4()
    address = urlsplit(case_page(app.extensions["parley"].settings, kind, DERBY, case_id))
    audience = Audience.PROVIDER if kind in PROVIDERS_OWN else Audience.COUNCIL
    assert address.hostname == ("providers.localhost" if kind in PROVIDERS_OWN else "derby.localhost")
    _, values = app.url_map.bind(address.netloc, subdomain=audience).match(address.path)
    assert values["case_id"] == case_id


def test_a_safeguarding_lead_is_led_to_the_log_and_to_no_case(app: Flask) -> None:
    address = urlsplit(concerns_page(app.extensions["parley"].settings))
    assert address.hostname == "providers.localhost"
    assert app.url_map.bind(address.netloc, subdomain=Audience.PROVIDER).match(address.path) == (
        "provider.concerns",
        {},
    )
