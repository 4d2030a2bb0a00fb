"""A login that carries what a provider keeps in confidence of one council to another deployment.

Revision ID: 0037
Revises: 0036
"""

from alembic import op

from parley.db.confidential_mover import CONFIDENTIAL_MOVER, REACH, confidential_policies

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the login at one provider's side of one council."""
    op.execute(f"GRANT USAGE ON SCHEMA compartment TO {CONFIDENTIAL_MOVER}")
    for table, (privileges, _) in REACH.items():
        op.execute(f"GRANT {privileges} ON {table} TO {CONFIDENTIAL_MOVER}")
        for statement in confidential_policies(table).values():
            op.execute(statement)


def downgrade() -> None:
    """Take it all away."""
    for table, (privileges, _) in REACH.items():
        for name in confidential_policies(table):
            op.execute(f"DROP POLICY {name} ON {table}")
        op.execute(f"REVOKE {privileges} ON {table} FROM {CONFIDENTIAL_MOVER}")
    op.execute(f"REVOKE USAGE ON SCHEMA compartment FROM {CONFIDENTIAL_MOVER}")
