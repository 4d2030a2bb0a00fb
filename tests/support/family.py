"""Families before the whole application: a council under its own published policy, and a browser that is signed in."""

import dataclasses
import datetime as dt
import html
import re
import uuid
from collections.abc import Sequence
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from parley.access.domain import Role
from parley.casework.domain import CaseState
from parley.db.scope import authority_scope, platform_scope
from parley.identity.domain import SignInKind
from parley.policy.loading import document_of
from parley.policy.service import apply_policy
from parley.tenancy.domain import Authority, ProviderOrganisation
from support.factories import NOW, OPERATOR, Factory, MadeCase
from support.policies import TENANTS, small_text
from support.signed_in import sign_in


@dataclasses.dataclass(frozen=True, kw_only=True)
class Served:
    """A council whose pages work: its policy version, and the provider that the policy names, if it names one."""

    authority: Authority
    provider: ProviderOrganisation | None
    policy_version_id: uuid.UUID

    @property
    def url(self) -> str:
        """The address of its pages."""
        return f"http://{self.authority.host}:8000"


def served_council(
    make: Factory,
    like: str = "derby",
    *,
    name: str | None = None,
    provider: ProviderOrganisation | None = None,
    **profile: Any,
) -> Served:
    """Make a council that publishes what ``like`` does (a folder of tenants), with a provider of its own if none is
    given. ``profile`` changes its council.toml.
    """
    authority = make.authority(name=name, **profile)
    text = (TENANTS / like / "policy.toml").read_text(encoding="utf-8")
    if "providers = [" in text:
        provider = provider or make.provider(name="Global Mediation")
        make.commission(authority, provider)
        text = text.replace("global-mediation", provider.slug)
    version_id = _published(make, authority, text)
    return Served(authority=authority, provider=provider, policy_version_id=version_id)


def council_of_several(
    make: Factory, allocation: str, *, capacities: Sequence[int | None] = (None, None), **profile: Any
) -> tuple[Served, list[ProviderOrganisation]]:
    """Make a council with a provider for each of ``capacities``, called First Helpers, Second Helpers and so on, that
    publishes by which rule they take requests ("" if it does not)."""
    authority = make.authority(name="Exampleshire Council", **profile)
    providers = []
    names = ("First Helpers", "Second Helpers", "Third Helpers")
    more = []
    for name, capacity in zip(names, capacities, strict=False):
        provider = make.provider(name=name)
        make.commission(authority, provider, capacity=capacity)
        providers.append(provider)
        contact = f'[contacts.{provider.slug}]\nname = "{name}"\nkind = "provider"'
        way = f'[[contacts.{provider.slug}.ways]]\nphone = "01632 96000{len(providers)}"'
        more.append(f"{contact}\n{way}\n")
    slugs = ", ".join(f'"{provider.slug}"' for provider in providers)
    rule = f'\nallocation = "{allocation}"' if allocation else ""
    text = small_text(('providers = ["helpers"]', f"providers = [{slugs}]{rule}"), more="\n".join(more))
    version_id = _published(make, authority, text)
    return Served(authority=authority, provider=providers[0], policy_version_id=version_id), providers


def _published(make: Factory, authority: Authority, text: str) -> uuid.UUID:
    """Make a policy file the council's version in force; return the version's id."""
    with make.database.begin(platform_scope()) as session:
        return apply_policy(
            session,
            actor=OPERATOR,
            at=NOW,
            authority_id=authority.id,
            document=document_of(text, file=authority.slug),
            reason="a test",
            file=authority.slug,
            effective_from=dt.date(2026, 1, 1),
        ).id


@dataclasses.dataclass
class Family:
    """A person's browser on one council's pages."""

    client: FlaskClient
    council: Served
    identity_id: uuid.UUID | None = None

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self.client.get(path, base_url=self.council.url)

    def post(self, path: str, *, page: str | None = None, **form: Any) -> TestResponse:
        """Send the form on ``page`` (``path`` itself by default) with its token and hidden boxes."""
        return self.post_from(self.get(page or path), path, **form)

    def post_from(self, page: TestResponse, path: str, **form: Any) -> TestResponse:
        """Send a form as it stood on a page that was opened before. Names with a dash are written with two lines."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        data = {name: html.unescape(value) for name, value in hidden.items()}
        data |= {name.replace("__", "-"): value for name, value in form.items()}
        return self.client.post(path, base_url=self.council.url, data=data)

    def follow_path(self, path: str, form: dict[str, Any]) -> str:
        """Send the form at ``path``, which must be taken; return where it leads."""
        answer = self.post(path, **form)
        assert answer.status_code == 303, f"{path}: {answer.status_code}\n{words(answer)}"
        return str(answer.headers["Location"])

    def follow(self, answer: TestResponse) -> TestResponse:
        """Open the page that an answer leads to."""
        assert answer.status_code == 303, f"{answer.status_code}\n{words(answer)}"
        return self.get(answer.headers["Location"])

    def sign_in(self, make: Factory, *, subject: str | None = None, role: Role = Role.FAMILY) -> uuid.UUID:
        """Sign the person in, as their issuer would; return who they are."""
        authority = self.council.authority
        self.identity_id = sign_in(
            self.client,
            make,
            authority_scope(authority.id),
            SignInKind.FAMILY,
            role,
            host=authority.host,
            name="Ash Marsh",
            subject=subject,
        )
        return self.identity_id

    def sign_out(self) -> None:
        """Lose the sign-in, as if its time had run out."""
        self.client.delete_cookie("parley", domain=self.council.authority.host)


def case_of(person: Family, make: Factory, state: CaseState = CaseState.COUNCIL_TOLD, **columns: Any) -> MadeCase:
    """Make a case of the person who is signed in, under the council's own policy."""
    council = person.council
    return make.case(
        council.authority,
        provider=council.provider,
        state=state,
        parent_identity=person.identity_id,
        policy_version_id=council.policy_version_id,
        **columns,
    )


def words(answer: TestResponse) -> str:
    """Return what a person reads on a page: the main part without markup, one space between words."""
    main = answer.text.partition("<main")[2].partition("</main>")[0] or answer.text
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def heading(answer: TestResponse) -> str:
    """Return the page's heading."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.S)
    assert found, words(answer)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[1])).split())


def without_secrets(answer: TestResponse) -> str:
    """Return a page without what differs at each answer: its nonce and its token."""
    return re.sub(r'(nonce|value)="[^"]*"', r'\1=""', answer.text)
