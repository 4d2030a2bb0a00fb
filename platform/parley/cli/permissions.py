"""``parley permissions``: who may do what, from the one table and from every page's own mark."""

import ast
import enum
import inspect
import textwrap
from collections.abc import Iterable, Iterator

import click
from flask import Flask

from parley.access.domain import PERMISSIONS, Fresh, Permission, Role, access_mark
from parley.identity import views as sign_in
from parley.workspaces.council.blueprint import blueprint as council_pages
from parley.workspaces.family.blueprint import blueprint as family_pages
from parley.workspaces.invited.blueprint import blueprint as invited_pages
from parley.workspaces.operator import views as operator_views
from parley.workspaces.provider.blueprint import blueprint as provider_pages

_TOP = """# Who may do what

A person has the roles that their sign-in gives them, and a role carries permissions: one table in
`platform/parley/access/domain.py`. Every page says which permission it needs (`@requires`), or why anybody may open it
(`@public`, listed in `tests/architecture/public_routes.txt`); a page that says neither is never served. A permission
opens a page; what is seen on it depends on the case besides ([walls.md](walls.md)).

This page is written by `parley permissions > docs/permissions.md`, and a test holds it to be true.

## Roles

| role | may |
|---|---|
"""

_MIDDLE = """
## Permissions

An address is that of the page on its host: `council` is each council's own. Where a page is for those who proved
of late who they are, it says so: others do that again first (`fresh_minutes`, see
[the README of the files](../tenants/README.md)).
"""

_FRESH = {Fresh.CONFIDENTIAL: "asked once more: confidential", Fresh.DOWNLOAD: "asked once more: a download"}


@click.command("permissions")
def permissions() -> None:
    """Print who may do what; docs/permissions.md holds it."""
    app = Flask("parley", static_folder=None)
    for pages in (family_pages(), council_pages(), invited_pages(), provider_pages(), operator_views.blueprint()):
        app.register_blueprint(pages)
    for pages, audience in sign_in.blueprints():
        app.register_blueprint(pages, subdomain=audience)
    click.echo(page(app), nl=False)


def page(app: Flask) -> str:
    """Return the page for the addresses of ``app``: those that need a permission."""
    roles = "".join(f"| {_named(role)} | {_listed(PERMISSIONS[role])} |\n" for role in Role)
    return _TOP + roles + _MIDDLE + "".join(_sections(app))


def _sections(app: Flask) -> Iterator[str]:
    meanings = _meanings(Permission)
    for permission in Permission:
        holders = ", ".join(_named(role) for role in Role if permission in PERMISSIONS[role])
        addresses = "".join(f"- {line}\n" for line in _addresses(app, permission))
        yield f"\n### `{permission.value}`\n\n{meanings[permission.value]} For: {holders}.\n\n{addresses}"


def _addresses(app: Flask, permission: Permission) -> Iterator[str]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (str(rule.subdomain), rule.rule)):
        mark = access_mark(app.view_functions[rule.endpoint])
        if mark is None or mark.permission is not permission:
            continue
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        fresh = f" ({_FRESH[mark.fresh]})" if mark.fresh is not None else ""
        yield f"{rule.subdomain} `{methods} {rule.rule}`{fresh}"


def _meanings(kind: type[enum.StrEnum]) -> dict[str, str]:
    """Return what the source says below each member of ``kind``, by the member's value."""
    (found,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    body = found.body if isinstance(found, ast.ClassDef) else []
    said: dict[str, str] = {}
    for member, below in zip(body, body[1:], strict=False):
        if isinstance(member, ast.Assign) and isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
            said[str(ast.literal_eval(member.value))] = " ".join(str(below.value.value).split())
    return said


def _listed(found: Iterable[Permission]) -> str:
    return ", ".join(f"`{permission.value}`" for permission in Permission if permission in set(found))


def _named(role: Role) -> str:
    return role.value.replace("_", " ")
