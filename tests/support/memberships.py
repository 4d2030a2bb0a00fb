"""Realms whose people come in by passkey, and people who are invited to them."""

import dataclasses
import uuid

from parley.access.domain import Role
from parley.db.scope import Login, Scope
from parley.identity import members, service
from parley.identity.domain import Environment, SignInKind
from parley.identity.schemas import ParsedSignIn
from support.factories import OPERATOR, Factory


@dataclasses.dataclass(frozen=True)
class PasskeyRealm:
    """A provider, or the platform, at whose door no issuer is."""

    make: Factory
    realm_id: uuid.UUID
    kind: SignInKind

    def open_door(self) -> None:
        """Let people come in by passkey, as the realm's file says when it is loaded."""
        door = ParsedSignIn(
            kind=self.kind, environment=Environment.DEMONSTRATION, content={"label": "passkey", "passkeys": True}
        )
        with self.make.database.begin(self._scope(Login.OPERATOR)) as session:
            service.load_sign_in_config(
                session, realm_id=self.realm_id, parsed=[door], actor=OPERATOR, at=self.make.clock.now()
            )

    def invite(self, *roles: Role, name: str = "Member", mailbox: str = "member@provider.example") -> uuid.UUID:
        """Invite somebody as an operator would from the command line; return their membership."""
        with self.make.database.begin(self._scope()) as session:
            return members.invite(
                session,
                actor=OPERATOR,
                at=self.make.clock.now(),
                realm_id=self.realm_id,
                kind=self.kind,
                name=name,
                mailbox=mailbox,
                roles=roles,
            )

    def token(self, membership_id: uuid.UUID) -> str:
        """Return the token that the invitation's next mail would carry."""
        with self.make.database.begin(self._scope()) as session:
            at = self.make.clock.now()
            minted = members.mint(session, realm_id=self.realm_id, membership_id=membership_id, at=at)
        assert minted
        return minted.token

    def _scope(self, login: Login = Login.WORKER) -> Scope:
        return Scope(login=login, realm_id=self.realm_id)
