"""The check of the walls sees a hole when there is one.

Each of these is made on purpose, in a transaction that never commits, and looked for from within it.
"""

import psycopg
import pytest

from parley.db.walls import setting
from support.walls import wall_problems_within

#: What somebody might do by mistake, and what the check then says.
LEAKS = {
    "a view that looks with its owner's eyes": (
        "SET LOCAL ROLE parley_owner; CREATE VIEW inbox AS SELECT * FROM statement",
        "inbox: is a view that sees with its owner's eyes",
    ),
    "a view that switches the caller's eyes off again": (
        "SET LOCAL ROLE parley_owner; CREATE VIEW inbox WITH (security_invoker = false) AS SELECT * FROM statement",
        "inbox: is a view that sees with its owner's eyes",
    ),
    "a copy that no policy can hold": (
        "SET LOCAL ROLE parley_owner; CREATE MATERIALIZED VIEW counts AS SELECT count(*) FROM region",
        "counts: is a materialised view",
    ),
    "a table without a wall": (
        "SET LOCAL ROLE parley_owner; CREATE TABLE note (authority_id uuid, id uuid, body text)",
        "note: its wall is platform, which platform_tables.txt does not say",
    ),
    "a table in a schema of its own": (
        "CREATE SCHEMA side AUTHORIZATION parley_owner; CREATE TABLE side.note ()",
        "side.note: its wall is platform, which platform_tables.txt does not say",
    ),
    "row-level security that does not hold for the owner": (
        "ALTER TABLE statement NO FORCE ROW LEVEL SECURITY",
        "statement: row-level security is not forced",
    ),
    "row-level security switched off": (
        "ALTER TABLE statement DISABLE ROW LEVEL SECURITY",
        "statement: row-level security is not forced",
    ),
    "a policy that is gone": (
        "DROP POLICY of_held_case ON statement",
        "statement: the policy of_held_case is missing or worded otherwise",
    ),
    "a policy with a cast, which no index serves": (
        "ALTER POLICY of_authority ON statement USING (authority_id::text = current_setting('parley.authority'))",
        "statement: the policy of_authority is not of its wall",
    ),
    "a policy that asks a function for every row, which is slow and sees each": (
        "SET LOCAL ROLE parley_owner; CREATE FUNCTION looked_at(uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE"
        " AS 'BEGIN RETURN true; END'; RESET ROLE; ALTER POLICY of_authority ON statement"
        f" USING (authority_id = {setting('authority')} AND looked_at(id))",
        "statement: the policy of_authority is not of its wall",
    ),
    "a policy that takes a missing scope for everything": (
        "ALTER POLICY of_authority ON statement"
        " USING (coalesce(current_setting('parley.authority', true), '') = '' OR authority_id ="
        f" {setting('authority')})",
        "statement: the policy of_authority is not of its wall",
    ),
    "a policy that lets more be written than read": (
        "ALTER POLICY of_authority ON statement WITH CHECK (true)",
        "statement: the policy of_authority is not of its wall",
    ),
    "one policy more, for everybody": (
        "CREATE POLICY support_access ON statement USING (true)",
        "statement: the policy support_access is not of its wall",
    ),
    "a policy for another login": (
        "ALTER POLICY of_authority ON statement TO parley_app, parley_operator",
        "statement: the policy of_authority is not of its wall",
    ),
    "a function with its owner's rights": (
        "SET LOCAL ROLE parley_owner; CREATE FUNCTION everything() RETURNS SETOF statement LANGUAGE sql"
        " SECURITY DEFINER BEGIN ATOMIC SELECT * FROM statement; END",
        "everything(): runs with its owner's rights",
    ),
    "a grant to everybody": ("GRANT SELECT ON statement TO PUBLIC", "statement: public may SELECT"),
    "a grant of one column to everybody": (
        "GRANT SELECT (body_sealed) ON statement TO PUBLIC",
        "statement: public may SELECT",
    ),
    "a privilege that row-level security does not look at": (
        "GRANT TRUNCATE ON statement TO parley_app",
        "statement: parley_app holds TRUNCATE",
    ),
    "a table that belongs to a login": (
        "GRANT CREATE ON SCHEMA public TO parley_app; ALTER TABLE statement OWNER TO parley_app",
        "statement: belongs to parley_app",
    ),
}


ROLE_LEAKS = {
    "ALTER ROLE parley_app BYPASSRLS": "parley_app: is above the walls (bypassrls)",
    "ALTER ROLE parley_provider SUPERUSER": "parley_provider: is above the walls (super)",
    "GRANT parley_owner TO parley_operator": "parley_operator: is a member of parley_owner",
    "GRANT parley_compartment TO parley_app": "parley_app: is a member of parley_compartment",
}


def _found_after(admin_url: str, planted: str) -> list[str]:
    """Return what the check says with ``planted`` and did not say before."""
    with psycopg.connect(admin_url) as admin:
        before = wall_problems_within(admin)
        admin.execute(planted)
        admin.execute("RESET ROLE")
        found = wall_problems_within(admin)
        admin.rollback()
    return [problem for problem in found if problem not in before]


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_found(admin_url: str, leak: str) -> None:
    planted, said = LEAKS[leak]
    assert [problem for problem in _found_after(admin_url, planted) if problem.startswith(said)]


@pytest.mark.parametrize("planted", ROLE_LEAKS)
def test_a_login_above_the_walls_is_found(admin_url: str, planted: str) -> None:
    assert ROLE_LEAKS[planted] in _found_after(admin_url, planted)
