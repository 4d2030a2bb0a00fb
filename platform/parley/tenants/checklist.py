"""What a council needs before families come to it: looked at for real, with what to do where something is missing."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parley.casework.holdings import holdings_of
from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.identity.domain import Environment, SignInConfig, SignInKind, SignInRefused
from parley.identity.issuers import IssuerDirectory
from parley.kernel.clock import SystemClock
from parley.kernel.configuration import ConfigurationError
from parley.kernel.errors import NotFound
from parley.law.versions import law_on
from parley.plugin_api.contracts import Health, HealthState
from parley.plugin_host.domain import CheckedSetting, EnablementState
from parley.plugin_host.gateway import Gateway
from parley.plugin_host.results import Failed, Ok
from parley.plugin_host.settings import FILE_NAME as PROVIDERS_FILE
from parley.plugin_host.settings import check_settings, fill_in_secrets
from parley.policy.domain import Policy
from parley.policy.lint import Concern, lint
from parley.policy.loading import policy_from_document
from parley.policy.problems import dotted
from parley.settings import Settings
from parley.tenancy.domain import AuthorityState, Service
from parley.tenants.applying import council_called, draft_of
from parley.tenants.files import COUNCIL_FILE, POLICY_FILE, SIGN_IN_FILE, CouncilFiles, read_council, shared_names

#: How long a plugin may take to say how it is, its start included.
HEALTH_WITHIN = dt.timedelta(seconds=20)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Requirement:
    """One thing a council needs. ``to_do`` is empty where it is there; ``found`` says what was seen either way."""

    code: str
    what: str
    found: str
    to_do: str = ""

    @property
    def met(self) -> bool:
        """Tell whether nothing needs to be done."""
        return not self.to_do


@dataclasses.dataclass(frozen=True, kw_only=True)
class Checklist:
    """Looks at one council of a deployment. ``environ`` holds the secrets that its files name."""

    settings: Settings
    database: Database
    gateway: Gateway
    environ: Mapping[str, str]
    today: dt.date
    issuers: IssuerDirectory = dataclasses.field(default_factory=IssuerDirectory)

    def look(self, slug: str) -> tuple[Requirement, ...]:
        """Return every requirement, met or not. Asks issuers and plugins, so hold no transaction open.

        Raises NotFound where there is no folder of that name.
        """
        folder = self.settings.tenants / slug
        if not folder.is_dir():
            raise NotFound(f"There is no folder {folder}; `parley authority add {slug}` makes one.", code="no-council")
        try:
            files = read_council(
                folder,
                shared=shared_names(self.settings.tenants),
                demo_signin_port=self.settings.demo_signin_port,
            )
            plugins = check_settings(folder / PROVIDERS_FILE, self.gateway, authority=slug, environ=self.environ)
        except ConfigurationError as error:
            return tuple(_unreadable(error))
        policy = policy_from_document(files.document, authority=slug, file=str(folder / POLICY_FILE))
        policy = policy.as_on(self.today)
        return (
            Requirement(code="files", what="Files", found="each can be used, and what they refer to is there"),
            self._loaded(slug),
            self._evidence(policy),
            self._provider(slug, policy, plugins),
            self._sign_in(files),
            _privacy(files),
            self._trial(slug),
        )

    def _loaded(self, slug: str) -> Requirement:
        code, what = "rules", "Rules in force"
        try:
            draft = draft_of(self.database, self.settings, slug)
        except NotFound:
            return Requirement(code=code, what=what, found="never loaded", to_do="Run `parley authority load`.")
        newest = draft.newest
        if newest is None or draft.changes:
            to_do = f"Run `parley policy apply {slug} --reason ...`, which shows first what changes."
            return Requirement(code=code, what=what, found=f"{POLICY_FILE} says more than was applied", to_do=to_do)
        if newest.waits:
            to_do = f"Somebody other than its author runs `parley policy approve {slug} {newest.number}`."
            return Requirement(
                code=code, what=what, found=f"version {newest.number} waits for a second person", to_do=to_do
            )
        if newest.since > self.today:
            to_do = "Wait for that day, or apply the file from today."
            return Requirement(
                code=code, what=what, found=f"version {newest.number} holds from {newest.since}", to_do=to_do
            )
        return Requirement(code=code, what=what, found=f"version {newest.number}, since {newest.since}")

    def _trial(self, slug: str) -> Requirement:
        code, what = "trial", "Trial"
        try:
            council = council_called(self.database, slug)
        except NotFound:
            return Requirement(code=code, what=what, found="nothing was typed")
        with self.database.begin(authority_scope(council.id)) as session:
            held = holdings_of(session, council.id)
        count = held.open_cases + held.closed_cases + held.unsent_requests
        if council.state is AuthorityState.DEMO and count:
            to_do = f"Run `parley authority wipe-demo {slug} --reason ...`; see first with --dry-run."
            found = f"{count} cases and unsent requests of made-up people are still there"
            return Requirement(code=code, what=what, found=found, to_do=to_do)
        return Requirement(code=code, what=what, found="nothing of it is left")

    def _evidence(self, policy: Policy) -> Requirement:
        code, what = "evidence", "Evidence"
        cautions = lint(policy, law_on(self.today), self.today)
        stale = [one for one in cautions if one.concern is Concern.STALE_EVIDENCE and one.path[-1] == "read"]
        if stale:
            named = ", ".join(dotted(one.path) for one in stale)
            to_do = "Read each of these pages again, mend what changed, and write down the day."
            return Requirement(code=code, what=what, found=f"read longer than a year ago: {named}", to_do=to_do)
        others = f"; `parley policy lint {policy.authority}` has {len(cautions)} to look at" if cautions else ""
        return Requirement(code=code, what=what, found=f"read within a year{others}")

    def _provider(self, slug: str, policy: Policy, plugins: Sequence[CheckedSetting]) -> Requirement:
        code, what = "provider", "Provider"
        if not policy.can_send or policy.provider is None:
            return Requirement(code=code, what=what, found="none is published: families are told where else to go")
        keys = [contact.key for contact in policy.providers_of(Service.DISAGREEMENT_RESOLUTION)]
        carrying = [one for one in plugins if one.provider in keys]
        paused = [one.plugin for one in carrying if one.state is not EnablementState.LIVE]
        if paused:
            to_do = f"Set its state to live in {PROVIDERS_FILE}, and run `parley authority load`."
            found = f"{', '.join(paused)} is not live, so that requests wait"
            return Requirement(code=code, what=what, found=found, to_do=to_do)
        ill = [said for one in carrying if (said := self._illness(slug, one))]
        if ill:
            to_do = "Ask the provider or its plugin's makers; `parley plugins check` looks at the plugin."
            return Requirement(code=code, what=what, found="; ".join(ill), to_do=to_do)
        answering = [f"{one.plugin} answers" for one in carrying]
        mailed = [
            f"{key} has no plugin, and is mailed" for key in keys if key not in {one.provider for one in carrying}
        ]
        return Requirement(code=code, what=what, found="; ".join(answering + mailed))

    def _illness(self, slug: str, plugin: CheckedSetting) -> str:
        """Ask the plugin how it is; return what is wrong, "" for nothing."""
        answer = self.gateway.call_one(
            plugin.plugin,
            "provider_health",
            authority=slug,
            config=fill_in_secrets(plugin.config, self.environ),
            idempotency_key=f"checklist:{uuid.uuid4()}",
            deadline=SystemClock().now() + HEALTH_WITHIN,
        )
        if isinstance(answer, Failed):
            return f"{plugin.plugin} does not answer ({answer.code}): {answer.message}"
        if isinstance(answer, Ok) and isinstance(answer.value, Health) and answer.value.state is HealthState.DOWN:
            return f"{plugin.plugin} says that it is down: {answer.value.message}"
        return ""

    def _sign_in(self, files: CouncilFiles) -> Requirement:
        code, what = "sign_in", "Sign-in"
        wanted = Environment.LIVE if self.settings.is_production else Environment.DEMONSTRATION
        doors = [parsed.config for parsed in files.doors if parsed.environment is wanted]
        if not any(door.kind is SignInKind.STAFF for door in doors):
            to_do = f"Ask the council for its issuer, and write it down in {SIGN_IN_FILE} under [staff.{wanted.value}]."
            return Requirement(code=code, what=what, found="its staff have no way to sign in", to_do=to_do)
        wrong = [said for door in doors if (said := self._trouble(door))]
        if wrong:
            to_do = "Ask whoever runs the issuer, or mend the file or the environment."
            return Requirement(code=code, what=what, found="; ".join(wrong), to_do=to_do)
        kinds = " and ".join(sorted(door.kind.value for door in doors))
        return Requirement(code=code, what=what, found=f"the issuer of {kinds} answers, with its keys")

    def _trouble(self, door: SignInConfig) -> str:
        """Ask the issuer what it says of itself and for its keys; return what is wrong, "" for nothing."""
        issuer = door.issuer
        named = (issuer.secret_variable, issuer.key_variable)
        missing = [name for name in named if name and name not in self.environ]
        # A demonstration's own issuers and their secrets live only as long as `parley run` does.
        if missing and self.settings.is_production:
            return f"{door.kind.value}: {', '.join(missing)} not in the environment"
        try:
            self.issuers.metadata(issuer)
            self.issuers.keys(issuer)
        except SignInRefused as refused:
            return f"{door.kind.value}: {issuer.issuer}: {refused.reason.value}"
        return ""


def _unreadable(error: ConfigurationError) -> Iterator[Requirement]:
    for problem in error.problems:
        yield Requirement(code="files", what="Files", found=str(problem), to_do="Mend this, and look again.")


def _privacy(files: CouncilFiles) -> Requirement:
    contact: Mapping[str, Any] | None = files.content["privacy"]
    if contact is None:
        to_do = f"Ask the council whom people write to about their data; write it in {COUNCIL_FILE} under [privacy]."
        return Requirement(code="privacy", what="Privacy", found="nobody to ask about personal data", to_do=to_do)
    return Requirement(code="privacy", what="Privacy", found=str(contact["label"]))
