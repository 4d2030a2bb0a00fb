"""The life of a request: host, transaction, sign-in, permission, view, end."""

import io
import uuid
from collections.abc import Callable
from typing import IO, Any

from flask import Flask, Request, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, NotFound, ServiceUnavailable
from werkzeug.routing import MapAdapter, Rule

from parley.access.domain import AccessMark, Fresh, access_mark
from parley.db.scope import Scope, provider_case_scope, provider_scope
from parley.db.session import UNAVAILABLE
from parley.tenancy.domain import AuthorityState
from parley.web.fair_use import counted_as
from parley.web.runtime import SignedIn, SignedOut, runtime, runtime_of
from parley.web.sites import Audience, Site, UnknownHostError

#: Paths that answer under any host name, because a load balancer asks by address.
MACHINE_PATHS = frozenset({"/healthz", "/readyz"})


class ParleyRequest(Request):
    """A request that never puts an uploaded file on the disk: what people send is sealed before it is stored."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        # Bounded by MAX_CONTENT_LENGTH, which refuses a larger body before it is read.
        return io.BytesIO()


class ParleyFlask(Flask):
    """Flask whose blueprints belong to an audience: the host decides which URL map a request is matched against."""

    request_class = ParleyRequest

    def create_url_adapter(self, request: Any) -> MapAdapter | None:
        """Match by audience, which Werkzeug knows as the subdomain; links within a page stay relative to its host."""
        if request is None:
            return super().create_url_adapter(request)
        return self.url_map.bind_to_environ(
            request.environ, server_name=request.host, subdomain=_audience(self, request)
        )

    def site_of(self, request: Any) -> Site | None:
        """Return the site ``request`` came to, or None for a host nobody answers to. Raises ServiceUnavailable."""
        try:
            return runtime_of(self).sites.find(request.host)
        except UnknownHostError:
            return None
        except UNAVAILABLE:
            # Said as Flask expects it while it matches an address; anything else would end without a page.
            raise ServiceUnavailable from None


def _audience(app: ParleyFlask, request: Any) -> str:
    if request.path in MACHINE_PATHS:
        return Audience.MACHINE
    site = app.site_of(request)
    request.environ["parley.site"] = site
    return site.audience if site else "nobody"


class SignInNeeded(Exception):
    """The page is for signed-in people and nobody is signed in; identity turns this into its sign-in page."""


class ProofNeeded(Exception):
    """The page is for people who proved of late who they are, and this one did long ago; identity asks them."""

    def __init__(self, fresh: Fresh) -> None:
        """Keep what it is needed for."""
        super().__init__(fresh.value)
        self.fresh = fresh


class UnknownSite(NotFound):
    """A host name that no site answers to."""


class ShutSite(Exception):
    """The council's site does not serve this page in the state that the council is in."""


#: Tells whether a council's site does not serve an endpoint while the council is in a state.
Shut = Callable[[AuthorityState, str], bool]


def install_lifecycle(app: Flask, *, shut: Shut) -> None:
    """Wrap every view of ``app`` in one scoped transaction and its permission."""
    app.extensions["parley_shut"] = shut
    app.before_request(_begin)
    app.teardown_request(_end)


def sign_in_cookie() -> str:
    """Return the name of the cookie that carries a sign-in; over TLS it is bound to its host by its name."""
    return "__Host-parley" if runtime().settings.uses_https else "parley"


def forget_sign_in(response: Response) -> Response:
    """Take the sign-in cookie from the browser."""
    secure = runtime().settings.uses_https
    response.delete_cookie(sign_in_cookie(), path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def _begin() -> ResponseReturnValue | None:
    if request.path in MACHINE_PATHS:
        return None
    if isinstance(request.routing_exception, ServiceUnavailable):
        raise request.routing_exception
    site: Site | None = request.environ.get("parley.site")
    if site is None:
        raise UnknownSite
    g.site = site
    _take_thread(site)
    if request.url_rule is None:
        return None
    mark = access_mark(app_view(request.endpoint))
    if mark is None:
        raise Forbidden(f"{request.endpoint} carries no access mark")
    _count(site)
    realm_id, token = _presented_token()
    database, scope = runtime().database, _scope(site, realm_id, request.url_rule)
    if token:
        g.session, found = runtime().open_signed_in(database, scope, site, token, runtime().clock.now())
        g.signed_in = found if isinstance(found, SignedIn) else None
        g.signed_out = found if isinstance(found, SignedOut) else None
    else:
        g.session = database.session(scope)
    if site.authority and current_app.extensions["parley_shut"](site.authority.state, request.endpoint):
        raise ShutSite
    _enforce(mark)
    return None


def _take_thread(site: Site) -> None:
    """Have the site hold this thread until the request ends. Raises SiteBusy, before a connection is taken."""
    runtime().threads.take(site.sharer)
    g.thread_of = site.sharer


def _count(site: Site) -> None:
    """Have the request counted, if its view says so. Raises TooManyRequests, before a connection is taken."""
    counted = counted_as(app_view(request.endpoint), request.method)
    if counted is not None:
        runtime().fair_use.take(site.council.id, counted)


def _enforce(mark: AccessMark) -> None:
    if mark.permission is None:
        return
    signed_in = g.get("signed_in")
    if signed_in is None:
        raise SignInNeeded
    if not signed_in.actor.may(mark.permission):
        raise Forbidden
    sending = request.method not in {"GET", "HEAD"}
    if mark.fresh is not None and not signed_in.is_fresh(runtime().clock.now(), sending=sending):
        raise ProofNeeded(mark.fresh)


def _scope(site: Site, realm_id: uuid.UUID | None, rule: Rule) -> Scope:
    """Return the scope of this request: the site's, narrowed by the presented realm and the case in the address.

    The realm in a cookie is a claim, not a right: the sign-in row is then looked for within that realm only.
    """
    if site.audience is not Audience.PROVIDER or realm_id is None:
        return site.scope()
    values = request.view_args or {}
    if {"authority_id", "case_id"} <= rule.arguments:
        return provider_case_scope(realm_id, values["authority_id"], values["case_id"])
    return provider_scope(realm_id)


def _presented_token() -> tuple[uuid.UUID | None, str]:
    realm, _, token = request.cookies.get(sign_in_cookie(), "").partition(".")
    try:
        return uuid.UUID(hex=realm), token
    except ValueError:
        return None, ""


def _end(_error: BaseException | None) -> None:
    end_transaction()
    sharer = g.pop("thread_of", None)
    if sharer is not None:
        runtime().threads.give_back(sharer)


def end_transaction() -> None:
    """Roll back what is not committed and give the connection back; the rest of the request uses no database."""
    session = g.pop("session", None)
    if session is not None:
        session.close()


def app_view(endpoint: str | None) -> Any:
    """Return the view function of ``endpoint``."""
    return current_app.view_functions[endpoint or ""]
