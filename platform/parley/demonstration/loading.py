"""Making the demonstration's cases, through the use cases that people use, as the people of the sign-in stand-ins."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence

from parley.access.domain import Realm, RealmKind, system_actor
from parley.casework.allocation import straight_to
from parley.casework.domain import AnswerValue, CaseState, Channel
from parley.casework.queries import provider_view
from parley.casework.service import answers, drafts, own_yes, referral, sending
from parley.casework.service.answers import NewAnswer
from parley.casework.service.sending import Rules
from parley.db.scope import Login, authority_scope, platform_scope
from parley.db.session import Database
from parley.demonstration.after_agreement import AfterAgreement
from parley.demonstration.cases import DemoCase, cases
from parley.demonstration.past_cases import past_cases
from parley.demonstration.stage import Stage
from parley.identity.domain import SignInKind
from parley.kernel.clock import Clock, london_date
from parley.kernel.errors import NotFound
from parley.law.versions import law_on
from parley.meetings.domain import moment_on
from parley.policy.queries import current_policy
from parley.reporting.service import count_figures
from parley.settings import Settings, SettingsError
from parley.tenancy import queries as tenancy
from parley.tenancy.domain import Service

#: From this and a case's number comes its id, so that a load that was interrupted goes on where it stopped.
_NAMESPACE = uuid.UUID("5f0c8f0e-6b0e-5d3c-9a50-7a1d6f2a4b11")


#: Meetings are held on working days: one that would fall on a weekend is on the Friday before.
_FRIDAY = 4
_FIRST_HOUR = 10


class DemonstrationLoader:
    """Loads the cases; built for one load."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        """Take what the work needs. Raises SettingsError in production."""
        if settings.is_production:
            raise SettingsError("Demonstration cases are not loaded where real records are held.")
        self._database = database
        self._clock = clock

    def load(self) -> Iterator[str]:
        """Make every case that is not there yet, and count the figures; yield a line for each.

        A council that is not loaded, or has no provider, has none: its files are broken, or are not in the folder.
        """
        now = self._clock.now()
        today = london_date(now)
        yield from self._play("", cases(today), now, self._database)
        # Of what is long over nobody is told today.
        past = past_cases(today)
        yield from self._play("past/", past, now, self._database.without_news())
        yield from self._count({case.council for case in past}, now)

    def _play(self, series: str, played: Sequence[DemoCase], now: dt.datetime, database: Database) -> Iterator[str]:
        stages: dict[str, Stage | None] = {}
        for number, case in enumerate(played, 1):
            if case.council not in stages:
                stages[case.council] = self._stage(case.council, now, database)
                if stages[case.council] is None:
                    yield f"{case.council}: left out, since it is not loaded with a provider"
            stage = stages[case.council]
            if stage is None:
                continue
            case_id = uuid.uuid5(_NAMESPACE, f"{stage.authority.id}/{series}{number}")
            play = _Play(stage, case, case_id, now - dt.timedelta(days=case.days_ago))
            yield f"{case.council}: {play.run()}"

    def _count(self, councils: set[str], now: dt.datetime) -> Iterator[str]:
        for council in sorted(councils):
            stage = self._stage(council, now, self._database)
            if stage is None:
                continue
            with self._database.begin(authority_scope(stage.authority.id, login=Login.WORKER)) as session:
                count_figures(session, authority_id=stage.authority.id, at=now)
            yield f"{council}: figures are counted"

    def _stage(self, council: str, now: dt.datetime, database: Database) -> Stage | None:
        with self._database.begin(platform_scope(Login.APP)) as session:
            authority = tenancy.authority_by_slug(session, council)
        if authority is None:
            return None
        today = london_date(now)
        with self._database.begin(authority_scope(authority.id)) as session:
            current = current_policy(session, authority.id, today)
            providers = tenancy.commissioned(session, authority.id, Service.DISAGREEMENT_RESOLUTION, today)
        if not providers:
            return None
        rules = Rules(policy=current.policy, policy_version_id=current.id, law=law_on(today))
        return Stage(database=database, authority=authority, provider=providers[0], rules=rules)


class _Play:
    """Plays one case from its request to where it stands."""

    def __init__(self, stage: Stage, case: DemoCase, case_id: uuid.UUID, asked: dt.datetime) -> None:
        self._stage, self._case, self._id, self._asked = stage, case, case_id, asked
        kind = SignInKind.PROVIDER if case.channel is Channel.PHONE else SignInKind.FAMILY
        self._asker = stage.person(kind, case.asker, asked)
        self._coordinator = stage.person(SignInKind.PROVIDER, "coordinator1", asked)

    def run(self) -> str:
        """Play what has not been played; return what there is now."""
        if (known := self._known()) is not None:
            return f"{known} is there already"
        reference = self._send()
        if self._case.days_ago and not self._waits_for_young_person():
            self._deliver()
        self._provider_acts()
        if self._case.answered is not None:
            self._answer(self._after(self._case.answered))
        if self._case.reach is not None:
            self._go_on(self._case)
        if self._case.came_of_age is not None:
            self._come_of_age(self._after(self._case.came_of_age))
        if self._case.withdrawn is not None:
            self._withdraw(self._after(self._case.withdrawn))
        if self._case.ended is not None:
            self._end(self._after(self._case.ended))
        return reference

    def _known(self) -> str | None:
        with self._stage.case(self._id) as session:
            try:
                view = provider_view(session, authority_id=self._stage.authority.id, case_id=self._id)
            except NotFound:
                return None
            return view.reference

    def _after(self, days: int) -> dt.datetime:
        """Return a moment that many days on, a little later in the day each time, so that events keep their order."""
        return self._asked + dt.timedelta(days=days, minutes=5 * (days + 1))

    def _send(self) -> str:
        by_phone = self._case.channel is Channel.PHONE
        if not by_phone:
            self._draft()
        with self._stage.case(self._id) if by_phone else self._stage.council() as session:
            return sending.send_request(
                session,
                actor=self._asker,
                at=self._asked,
                authority=self._stage.authority,
                receiving=straight_to(self._stage.provider.id),
                case_id=self._id,
                request=self._case.request,
                rules=self._stage.rules,
                channel=self._case.channel,
            ).reference

    def _waits_for_young_person(self) -> bool:
        opening = self._case.request.opening_state(london_date(self._asked))
        return opening is CaseState.WAITING_FOR_YOUNG_PERSON

    def _deliver(self) -> None:
        # A request of today is left to the plugin; an earlier one reached the provider when it was sent.
        with self._stage.case(self._id) as session:
            referral.referral_submitted(
                session,
                actor=self._coordinator,
                at=self._asked + dt.timedelta(minutes=2),
                authority_id=self._stage.authority.id,
                case_id=self._id,
                provider_reference=None,
                notice=None,
            )

    def _draft(self) -> None:
        owner = self._asker.identity_id
        if owner is None:
            raise ValueError("an asker is a person")
        with self._stage.council() as session:
            drafts.start_draft(
                session,
                authority_id=self._stage.authority.id,
                owner_id=owner,
                at=self._asked,
                answers={},
                draft_id=self._id,
            )

    def _provider_acts(self) -> None:
        authority_id, case, coordinator = self._stage.authority.id, self._case, self._coordinator
        if case.acknowledged is not None:
            with self._stage.case(self._id) as session:
                at = self._after(case.acknowledged)
                referral.acknowledge(
                    session, actor=coordinator, at=at, authority_id=authority_id, case_id=self._id, take=True
                )
        if case.signposted is not None:
            with self._stage.case(self._id) as session:
                at = self._after(case.signposted)
                referral.signpost(
                    session,
                    actor=coordinator,
                    at=at,
                    authority_id=authority_id,
                    case_id=self._id,
                    contacts=list(self._stage.rules.policy.contacts)[-1:],
                )
        if case.told is not None:
            with self._stage.case(self._id) as session:
                referral.tell_council(
                    session,
                    actor=coordinator,
                    at=self._after(case.told),
                    authority_id=authority_id,
                    case_id=self._id,
                    policy=self._stage.rules.policy,
                )

    def _answer(self, at: dt.datetime) -> None:
        officer = self._stage.person(SignInKind.STAFF, "officer1", at)
        holding_until = london_date(at) + dt.timedelta(days=self._case.holding_days or 7)
        answer = self._case.answer or NewAnswer(value=AnswerValue.HOLDING, holding_until=holding_until)
        with self._stage.council() as session:
            answers.assign(
                session,
                actor=officer,
                at=at,
                authority_id=self._stage.authority.id,
                case_id=self._id,
                officer_id=officer.identity_id,
                instead_of=None,
            )
            answers.answer_for_council(
                session,
                actor=officer,
                at=at,
                authority_id=self._stage.authority.id,
                case_id=self._id,
                answer=answer,
                policy=self._stage.rules.policy,
                instead_of=None,
            )

    def _go_on(self, case: DemoCase) -> None:
        agreed = self._after(case.answered or 0)
        day = london_date(self._asked) + dt.timedelta(days=case.meeting_day)
        earlier = max(0, day.weekday() - _FRIDAY)
        # What moves to a Friday is later in the day, for the mediator may be at another meeting then.
        first = moment_on(day - dt.timedelta(days=earlier), dt.time(_FIRST_HOUR + 3 * earlier))
        after = AfterAgreement(self._stage, self._id, family=self._asker, coordinator=self._coordinator)
        if case.reach is not None:
            after.play(case.reach, agreed=agreed, first=first, kind=case.outcome)

    def _come_of_age(self, at: dt.datetime) -> None:
        authority_id = self._stage.authority.id
        with self._stage.database.begin(authority_scope(authority_id, login=Login.WORKER)) as session:
            own_yes.begin_own_choice(
                session,
                actor=system_actor(Realm(kind=RealmKind.AUTHORITY, id=authority_id)),
                at=at,
                authority_id=authority_id,
                case_id=self._id,
            )

    def _end(self, at: dt.datetime) -> None:
        with self._stage.case(self._id) as session:
            referral.end_without_meeting(
                session,
                actor=self._coordinator,
                at=at,
                authority_id=self._stage.authority.id,
                case_id=self._id,
            )

    def _withdraw(self, at: dt.datetime) -> None:
        with self._stage.council() as session:
            answers.withdraw(session, actor=self._asker, at=at, authority_id=self._stage.authority.id, case_id=self._id)
