"""Reports and other documents: added to a request being written or to a case, shared per party, taken out again."""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parley.access.domain import Fresh, Permission, requires
from parley.casework import wording
from parley.casework.domain import CaseState, PartyKind
from parley.casework.views import CaseView
from parley.documents import queries, service
from parley.documents.domain import ACCEPTED, HINT, FileProblem, problem
from parley.documents.names import download_headers
from parley.kernel.errors import Invalid
from parley.kernel.sentences import capitalised
from parley.web import current
from parley.web.fields import TextField, UploadField
from parley.web.forms import BaseForm
from parley.web.runtime import runtime
from parley.workspaces.family import journey
from parley.workspaces.family.council import council, council_of_case
from parley.workspaces.family.request import onward, open_own
from parley.workspaces.family.status import own_case


class UploadForm(BaseForm):
    """One document."""

    title = TextField(
        "What is it? (optional)",
        max_length=service.LONGEST_TITLE,
        noun="what it is",
        hint="For example, the educational psychologist’s report. Otherwise it is shown by its file name.",
    )
    file = UploadField("Choose a file", accept=ACCEPTED, hint=f"{HINT}.")


@requires(Permission.FAMILY_ASK)
def of_draft(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Show what was added to a request being written; add another document."""
    draft, _ = open_own(draft_id)
    form = UploadForm()
    if form.validate_on_submit() and _added(form, lambda upload: _add_to_draft(draft_id, upload)):
        return redirect(url_for(".draft_documents", draft_id=draft_id, to=request.args.get("to")), 303)
    page = render_template(
        "family/draft_documents.html",
        form=form,
        draft=draft,
        council=council(),
        documents=queries.documents_of_draft(
            current.session(), authority_id=current.authority_id(), draft_id=draft_id, owner_id=current.identity_id()
        ),
        remove=lambda document: url_for(
            ".remove_from_draft", draft_id=draft_id, document_id=document.id, to=request.args.get("to")
        ),
        onward=onward(draft_id, journey.BY_SLUG["reports"], draft, is_past_documents=True),
        back=url_for(".step", draft_id=draft_id, slug="reports"),
    )
    return page, 422 if form.has_errors else 200


@requires(Permission.FAMILY_ASK)
def remove_from_draft(draft_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
    """Take a document out of a request being written, for good."""
    service.remove_from_draft(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=current.authority_id(),
        draft_id=draft_id,
        document_id=document_id,
    )
    flash("The document was removed.")
    return redirect(url_for(".draft_documents", draft_id=draft_id, to=request.args.get("to")), 303)


@requires(Permission.FAMILY_ASK)
def of_case(case_id: uuid.UUID) -> ResponseReturnValue:
    """Show the documents of one's own case that one may read; add another."""
    view = own_case(case_id)
    form = UploadForm()
    if form.validate_on_submit() and _added(form, lambda upload: _add_to_case(view, upload)):
        flash("The document was added. Only the provider sees it until you share it.")
        return redirect(url_for(".documents", case_id=case_id), 303)
    known = council_of_case(view)
    names = known.names(young_person=view.child.name)
    page = render_template(
        "family/documents.html",
        form=form,
        view=view,
        council=known,
        documents=queries.documents_of_case(current.session(), view),
        sharers=[party for party in view.parties if party.kind is not PartyKind.FAMILY],
        party_name=lambda party: capitalised(wording.party_name(party, names)),
        is_open=view.state is not CaseState.CLOSED,
        back=url_for(".case", case_id=case_id),
    )
    return page, 422 if form.has_errors else 200


@requires(Permission.FAMILY_ASK, fresh=Fresh.DOWNLOAD)
def download(case_id: uuid.UUID, document_id: uuid.UUID) -> Response:
    """Hand out a document's content, to be saved and never shown within this site."""
    view = own_case(case_id)
    document = service.open_document(
        current.session(), actor=current.actor(), at=current.now(), case=view, document_id=document_id
    )
    content = service.contents(runtime().database, current.site().scope(), view.authority_id, document)
    return Response(content, headers=download_headers(document.file_name, document.kind, document.size))


@requires(Permission.FAMILY_ASK)
def share(case_id: uuid.UUID, document_id: uuid.UUID, party_id: uuid.UUID) -> ResponseReturnValue:
    """Show one's own document to one party from now on."""
    service.share(current.session(), **_acting(case_id, document_id), party_id=party_id)
    flash("It is shared from now on.")
    return redirect(url_for(".documents", case_id=case_id), 303)


@requires(Permission.FAMILY_ASK)
def stop_sharing(case_id: uuid.UUID, document_id: uuid.UUID, party_id: uuid.UUID) -> ResponseReturnValue:
    """Stop showing one's own document to one party."""
    service.unshare(current.session(), **_acting(case_id, document_id), party_id=party_id)
    flash("It is no longer shared. What was read before cannot be unread.")
    return redirect(url_for(".documents", case_id=case_id), 303)


@requires(Permission.FAMILY_ASK)
def remove(case_id: uuid.UUID, document_id: uuid.UUID) -> ResponseReturnValue:
    """Take one's own document out of the case, for good."""
    service.remove_from_case(current.session(), **_acting(case_id, document_id))
    flash("The document was removed.")
    return redirect(url_for(".documents", case_id=case_id), 303)


def _added(form: UploadForm, add: Any) -> bool:
    """Hand the file to ``add``; what is wrong with it is shown beside the field. Tell whether it was taken."""
    try:
        if form.file.data is None:
            raise problem(FileProblem.MISSING)
        name = str(form.file.data.filename)
        add(service.Upload(stream=form.file.data.stream, name=name, title=str(form.title.data or "")))
    except Invalid as invalid:
        current.session().rollback()
        form.take_errors(invalid)
        return False
    return True


def _add_to_draft(draft_id: uuid.UUID, upload: service.Upload) -> None:
    service.add_to_draft(
        current.session(),
        actor=current.actor(),
        at=current.now(),
        authority_id=current.authority_id(),
        draft_id=draft_id,
        upload=upload,
    )


def _add_to_case(view: CaseView, upload: service.Upload) -> None:
    service.add_to_case(current.session(), actor=current.actor(), at=current.now(), case=view, upload=upload)


def _acting(case_id: uuid.UUID, document_id: uuid.UUID) -> dict[str, Any]:
    return {"actor": current.actor(), "at": current.now(), "case": own_case(case_id), "document_id": document_id}
