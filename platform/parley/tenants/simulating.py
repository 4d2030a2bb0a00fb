"""What a simulation replays: the facts that are kept of one council's checks and cases, each with its own policy."""

from parley.casework import lists
from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.eligibility.queries import kept_facts
from parley.eligibility.simulation import Past
from parley.policy.queries import policy_of_version
from parley.tenants.applying import council_called


def past_of(database: Database, slug: str) -> list[Past]:
    """Return what is kept of a council's past checks and cases, like ones together. Raises NotFound."""
    council = council_called(database, slug)
    with database.begin(authority_scope(council.id)) as session:
        kept = [*kept_facts(session, council.id), *lists.kept_facts(session, council.id)]
        return [
            Past(one.facts, policy_of_version(session, council.id, one.policy_version_id), one.count) for one in kept
        ]
