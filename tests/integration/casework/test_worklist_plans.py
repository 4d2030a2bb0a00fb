"""What the provider's list asks of PostgreSQL: what an index answers, for it may hold the cases of all England."""

from parley.casework import worklists
from parley.db.scope import Login, provider_case_scope
from parley.db.session import Database
from support.factories import Factory
from support.statements import sent_by


def test_others_of_a_child_are_looked_for_by_one_value(database: Database, make: Factory) -> None:
    """Beside an OR, PostgreSQL answers IN of a query by reading the whole list; ``make bench`` shows the cost."""
    case = make.case()
    scope = provider_case_scope(case.provider.id, case.authority.id, case.id)
    with database.begin(scope) as session, sent_by(database, Login.PROVIDER) as sent:
        worklists.on_the_desk(session, provider_id=case.provider.id, authority_id=case.authority.id, case_id=case.id)
    (desk,) = [one.text for one in sent if "child_fingerprint" in one.text]
    assert "child_fingerprint = (SELECT" in desk
    assert "IN (SELECT" not in desk
