"""A council's export holds line by line what its pages show, and nothing else of what there is."""

import collections
import dataclasses
import hashlib
import json
import pathlib
import stat
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from parley.audit.models import AuditEvent
from parley.casework.views import (
    CaseView,
    ChildView,
    ClockView,
    MemberView,
    PartyView,
    StatementView,
    TimelineView,
)
from parley.db.scope import authority_scope
from parley.db.session import Database
from parley.documents.domain import DocumentView
from parley.kernel.errors import Conflict, NotFound
from parley.meetings.views import AttendeeView, MeetingView
from parley.outcomes.queries import ActionView, OutcomeView
from parley.transfer.bundle import MANIFEST, README
from parley.transfer.domain import TABLES
from parley.transfer.service.exporting import Export, count_for_council, export_for_council
from support.council_pages import lines_of_pages
from support.factories import NOW, OPERATOR, Factory
from support.leaving_council import SECRET, Leaving, had_by_another_before

#: What the views of a council's pages hold. A field that is new here belongs into the export and into
#: ``support.council_pages``, unless a council's pages show it empty, or it says only who looks.
SHOWN: dict[type[Any], set[str]] = {
    CaseView: {
        *("viewer", "authority_id", "id", "reference", "state", "state_since", "close_reason", "channel"),
        *("provider", "allocated_because", "policy_version_id", "law_version", "areas", "against", "facts"),
        *("asked_as_question", "sent_at", "council_told_at", "child", "parties", "members", "statements", "clocks"),
        *("timeline", "providers", "referral", "assigned_id", "assigned_name", "council_number"),
        # The council's own contract, and nothing of the case.
        "contract",
        # What the family is asked about another provider: for it and the provider; the timeline tells of it.
        "change",
    },
    ChildView: {"name", "setting", "date_of_birth", "address"},
    PartyView: {
        *("id", "kind", "name", "may_be_invited", "removed", "asked", "answer", "reason", "words", "holding_until"),
        *("answered_at", "unavailable"),
    },
    MemberView: {
        *("id", "party_id", "capacity", "name", "is_rights_holder", "is_me", "role", "email", "phone", "safety"),
        *("access_needs", "has_account", "invitation"),
    },
    StatementView: {"id", "kind", "body", "is_mine", "shared_with"},
    ClockView: {"code", "basis", "binds", "due_on", "met_on", "stopped", "party_id", "party", "member_id"},
    TimelineView: {"at", "happening", "by", "codes"},
    MeetingView: {
        *("viewer", "id", "state", "mode", "period", "place", "link", "for_everybody", "mediator", "slots", "people"),
        *("supporters", "notice_waived", "decision_maker_present", "version"),
    },
    AttendeeView: {
        *("member_id", "name", "party", "capacity", "identity_id", "invitee", "arrives_at", "ends_at", "place", "link"),
        *("has_own_arrival", "has_own_place", "supporter", "brings", "needs", "attended"),
    },
    OutcomeView: {
        *("id", "meeting_id", "kind", "was_confirmed", "recorded_at", "points", "actions", "remaining"),
        "confirmed_by",
    },
    ActionView: {"id", "what", "owner_id", "facts", "disputed", "changes"},
    DocumentView: {
        *("id", "title", "file_name", "kind", "size", "pieces", "added_at", "party_id", "is_mine", "scan"),
        "shared_with",
    },
}

#: Tables that no case's page shows.
OF_THE_COUNCIL = frozenset({"rules", "acts_of_staff"})


@pytest.fixture(scope="module")
def taken(here: Database, leaving: Leaving, staying: Leaving, tmp_path_factory: pytest.TempPathFactory) -> "Taken":
    """The council's export, of a deployment in which there is another one."""
    had_by_another_before(Factory(here), here, leaving.told)
    path = tmp_path_factory.mktemp("taken") / "council.zip"
    export = export_for_council(here, leaving.council.authority, path, actor=OPERATOR, at=NOW)
    return Taken(path, export)


class Taken:
    """An export, opened."""

    def __init__(self, path: pathlib.Path, export: Export) -> None:
        self.path, self.export = path, export
        with zipfile.ZipFile(path) as archive:
            self.members = {name: archive.read(name) for name in archive.namelist()}

    def lines(self, table: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.members[f"{table}.jsonl"].decode().splitlines()]

    @property
    def manifest(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.members[MANIFEST])
        return found


def counted(lines: list[Any]) -> collections.Counter[str]:
    """Return the lines as they compare, in whatever order."""
    return collections.Counter(json.dumps(line, sort_keys=True) for line in lines)


@pytest.mark.parametrize("table", [table for table in TABLES if table not in OF_THE_COUNCIL])
def test_every_line_of_every_table_is_what_the_pages_show_and_every_one_of_them_is_there(
    here: Database, leaving: Leaving, taken: Taken, table: str
) -> None:
    shown: list[Mapping[str, Any]] = []
    for case in leaving.cases:
        with here.begin(case.authority_scope) as session:
            shown += lines_of_pages(session, case.authority.id, case.id, NOW).get(table, [])
    assert shown, f"{table}: the pages show nothing of it, so nothing is compared"
    assert counted(taken.lines(table)) == counted(shown)


@pytest.mark.parametrize(("view", "fields"), SHOWN.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_what_a_view_of_the_pages_comes_to_show_is_decided_on(view: type[Any], fields: set[str]) -> None:
    assert {field.name for field in dataclasses.fields(view)} == fields


def test_a_case_of_which_the_council_was_not_told_is_nowhere_in_it(
    here: Database, leaving: Leaving, taken: Taken
) -> None:
    with here.begin(leaving.untold.authority_scope) as session, pytest.raises(NotFound):
        lines_of_pages(session, leaving.untold.authority.id, leaving.untold.id, NOW)
    assert not [name for name, content in taken.members.items() if leaving.untold.reference.encode() in content]


def test_nothing_that_is_not_the_councils_to_read_is_in_it(taken: Taken) -> None:
    assert [name for name, content in taken.members.items() if SECRET.encode() in content] == []


def test_nothing_of_another_council_is_in_it(staying: Leaving, taken: Taken) -> None:
    everything = b"".join(taken.members.values())
    foreign = [word for case in staying.cases for word in (case.reference, str(case.council))]
    assert [word for word in foreign if word.encode() in everything] == []


def test_the_council_gets_its_rules_and_what_its_own_staff_did(leaving: Leaving, taken: Taken) -> None:
    assert [rules["version"] for rules in taken.lines("rules")] == [1]
    (act,) = taken.lines("acts_of_staff")
    assert act == {
        "at": NOW.isoformat(),
        "what": "case.read",
        "officer": "Jo Officer",
        "case": leaving.told.reference,
    }


def test_documents_are_as_they_were_added(taken: Taken) -> None:
    files = {line["file"]: line["size"] for line in taken.lines("documents")}
    assert files
    assert {name: len(taken.members[name]) for name in files} == files
    assert {name for name in taken.members if name.startswith("documents/")} == set(files)


def test_the_manifest_has_the_count_and_the_hash_of_everything(taken: Taken) -> None:
    said = taken.manifest["tables"] | taken.manifest["documents"]
    content = {name: body for name, body in taken.members.items() if name not in {MANIFEST, README}}
    assert {name: facts["sha256"] for name, facts in said.items()} == {
        name: hashlib.sha256(body).hexdigest() for name, body in content.items()
    }
    assert {name: facts["lines"] for name, facts in taken.manifest["tables"].items()} == {
        f"{table}.jsonl": len(taken.lines(table)) for table in TABLES
    }


def test_every_field_is_explained_in_the_page_that_goes_with_it(taken: Taken) -> None:
    assert {table: list(taken.lines(table)[0]) for table in TABLES} == {
        table: list(facts.fields) for table, facts in TABLES.items()
    }
    page = taken.members[README].decode()
    for table, facts in TABLES.items():
        assert f"{table}.jsonl" in page
        assert all(f"  {field}: " in page for field in facts.fields)


def test_a_dry_run_counts_the_same(here: Database, leaving: Leaving, taken: Taken) -> None:
    assert count_for_council(here, leaving.council.authority) == taken.export.counts


def test_the_file_is_for_one_person_and_its_hash_is_told(taken: Taken) -> None:
    assert stat.S_IMODE(taken.path.stat().st_mode) == 0o600
    assert hashlib.sha256(taken.path.read_bytes()).hexdigest() == taken.export.sha256
    assert [path.name for path in taken.path.parent.iterdir()] == [taken.path.name]


def test_it_is_recorded_at_the_council_by_counts_and_hash(here: Database, leaving: Leaving, taken: Taken) -> None:
    authority_id = leaving.council.authority.id
    with here.begin(authority_scope(authority_id)) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "authority.export")).one()
    assert event.codes == {
        "cases": len(leaving.cases),
        "documents": len(taken.export.documents),
        "sha256": taken.export.sha256,
    }


def test_a_file_that_is_there_is_never_written_over(here: Database, leaving: Leaving, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "council.zip"
    path.write_text("mine")
    with pytest.raises(Conflict, match="not written over"):
        export_for_council(here, leaving.council.authority, path, actor=OPERATOR, at=NOW)
    assert path.read_text() == "mine"


def test_a_run_that_fails_leaves_nothing(here: Database, leaving: Leaving, tmp_path: pathlib.Path) -> None:
    def fail(what: str) -> None:
        if what == "timeline":
            raise OSError("no space left on the disk")

    with pytest.raises(OSError, match="no space"):
        export_for_council(
            here, leaving.council.authority, tmp_path / "council.zip", actor=OPERATOR, at=NOW, progress=fail
        )
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_written_over(here: Database, leaving: Leaving, tmp_path: pathlib.Path) -> None:
    (tmp_path / "council.zip.part").write_bytes(b"half of it" * 100_000)
    export_for_council(here, leaving.council.authority, tmp_path / "council.zip", actor=OPERATOR, at=NOW)
    with zipfile.ZipFile(tmp_path / "council.zip") as archive:
        assert archive.testzip() is None
    assert [path.name for path in tmp_path.iterdir()] == ["council.zip"]
