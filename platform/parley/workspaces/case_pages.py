"""Pages about one case that several audiences have alike: each opens the case in its own way, by its own permission."""

import dataclasses
import functools
import uuid
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from flask import Blueprint
from flask.typing import ResponseReturnValue

from parley.access.domain import Fresh, Permission, requires

Opened = TypeVar("Opened")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CasePages(Generic[Opened]):
    """Where one audience's pages about a case go.

    ``address`` is that of the case, with ``case_id`` in it. ``opened`` returns the case as this audience may see it,
    and raises NotFound for one that is not theirs; every page begins with it.
    """

    blueprint: Blueprint
    address: str
    opened: Callable[[uuid.UUID], Opened]

    def add(
        self,
        below: str,
        endpoint: str,
        page: Callable[..., ResponseReturnValue],
        permission: Permission,
        *,
        methods: Sequence[str] = ("GET",),
        fresh: Fresh | None = None,
    ) -> None:
        """Serve ``page`` at ``below`` the case's address, to people with ``permission``.

        ``page`` takes the opened case, and by name what ``below`` has in brackets. ``fresh`` as for ``requires``.
        """

        @requires(permission, fresh=fresh)
        @functools.wraps(page)
        def view(case_id: uuid.UUID, **more: Any) -> ResponseReturnValue:
            return page(self.opened(case_id), **more)

        self.blueprint.add_url_rule(f"{self.address}{below}", endpoint, view, methods=methods)
