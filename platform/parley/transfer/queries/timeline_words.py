"""The words of a case's timeline in a council's export: those of its pages, made of rows and not of a view."""

import dataclasses
import functools
import json
import re
import uuid

from sqlalchemy.orm import Session

from parley.casework.domain import PartyKind, Viewer
from parley.casework.timeline import LET_GO_BY, TAKEN_BY
from parley.casework.wording import Names, happening_words, kind_name
from parley.policy.providers import contact_of
from parley.policy.queries import version_of
from parley.tenancy.queries import provider_by_id

#: The provider that had a case until it passed it on, in the codes of an entry as text.
_LET_GO_BY = re.compile(rf'"{LET_GO_BY}": "([0-9a-f-]{{36}})"')


@dataclasses.dataclass(frozen=True, kw_only=True)
class Served:
    """Under which version of the council's rules, and by which provider, a case is served."""

    version_id: str
    provider_id: str


class TimelineWords:
    """Puts entries into words as the council's officers read them; what many entries say alike is put so once.

    The entries of a case come the newest first: which provider had it then is named by what happened to it next.
    """

    def __init__(self, session: Session, authority_id: uuid.UUID, council: str) -> None:
        """Take the session of the export, the council's id and its name."""
        self._session, self._authority_id, self._council = session, authority_id, council
        self._had_by: dict[str, str] = {}
        self._words_of = functools.lru_cache(maxsize=4096)(self._words)
        self._names_of = functools.cache(self._names)
        self._name_of = functools.cache(self._provider)

    def said(
        self, case_id: str, served: Served, entry: tuple[str, str, str], party: tuple[PartyKind, str] | None
    ) -> str:
        """Return an entry's words; it is its code, whose act it was and its codes as text, ``party`` whom it names."""
        if (let_go := _LET_GO_BY.search(entry[2])) is not None:
            self._had_by[case_id] = let_go[1]
        return self._words_of(served, self._had_by.get(case_id), *entry, party)

    def _words(
        self, served: Served, had_by: str | None, code: str, by: str, codes: str, party: tuple[PartyKind, str] | None
    ) -> str:
        names, told = self._names_of(served), json.loads(codes)
        if had_by is not None:
            names = dataclasses.replace(names, provider=self._name_of(had_by))
        parties = {told[key]: self._name_of(told[key]) for key in (LET_GO_BY, TAKEN_BY) if key in told}
        if party is not None:
            kind, name = party
            parties[told["party_id"]] = name or kind_name(kind, names)
        return happening_words(code, Viewer.LOCAL_AUTHORITY, names, by=Viewer(by), codes=told, parties=parties).title

    def _names(self, served: Served) -> Names:
        policy = version_of(self._session, self._authority_id, uuid.UUID(served.version_id)).policy
        words = policy.served_by(contact_of(provider_by_id(self._session, uuid.UUID(served.provider_id)))).words
        return Names(
            council=self._council,
            provider=words["provider"],
            service=words["service"],
            advice_service=words["advice_service"],
        )

    def _provider(self, provider_id: str) -> str:
        return provider_by_id(self._session, uuid.UUID(provider_id)).name
