"""Reports and other documents of a family: added before or after sending, read by nobody until they are shared."""

import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from support.asking import begin, fill
from support.documents import PDF, PROGRAM
from support.factories import Factory, MadeCase
from support.family import Family, case_of, without_secrets, words


def upload(person: Family, path: str, content: bytes = PDF, name: str = "Bericht 😀.pdf", **form: Any) -> TestResponse:
    """Add a file on the page at ``path``."""
    return person.post(path, file=(io.BytesIO(content), name), **form)


@pytest.fixture
def own(parent: Family, make: Factory) -> MadeCase:
    """A case of the signed-in parent."""
    return case_of(parent, make)


def added_id(person: Family, path: str) -> str:
    """Return the id of the only document on a page of a case."""
    return person.get(path).text.partition("/documents/")[2][:36]


def test_a_document_added_before_sending_goes_with_the_request(parent: Family) -> None:
    answers = fill(parent, begin(parent))
    path = parent.follow_path(answers.replace("/answers", "/reports?to=answers"), {"add": "now"})
    assert path.endswith("/documents?to=answers")
    parent.follow(upload(parent, path, title="The psychologist’s report"))
    page = parent.get(path)
    assert "The psychologist’s report" in words(page)
    assert f'href="{answers}" role="button"' in page.text
    assert "The psychologist’s report" in words(parent.get(answers))
    case = parent.post(answers, tell_council="yes").headers["Location"].removesuffix("/sent")
    assert "The psychologist’s report" in words(parent.get(f"{case}/documents"))


def test_a_document_can_be_taken_out_before_sending(parent: Family) -> None:
    path = begin(parent).replace("safe-ways", "documents")
    parent.follow(upload(parent, path))
    remove = parent.get(path).text.partition(f"{path.partition('?')[0]}/")[2].partition('"')[0]
    page = parent.follow(parent.post(f"{path}/{remove}", page=path))
    assert "Bericht" not in words(page)


def test_a_document_is_added_shared_stopped_read_and_removed(parent: Family, own: MadeCase) -> None:
    path = f"/requests/{own.id}/documents"
    page = parent.follow(upload(parent, path))
    assert "Only the provider sees it until you share it" in words(page)
    document = f"{path}/{added_id(parent, path)}"
    content = parent.get(f"{document}/file")
    assert content.data == PDF
    assert content.headers["Content-Disposition"].startswith("attachment")
    shared = parent.follow(parent.post(f"{document}/{own.council}/share", page=path))
    assert "Stop sharing with" in words(shared)
    assert f"{document}/remove" not in shared.text
    parent.follow(parent.post(f"{document}/{own.council}/stop", page=path))
    gone = parent.follow(parent.post(f"{document}/remove", page=path))
    assert "There are no documents here yet" in words(gone)


@pytest.mark.parametrize(("content", "name"), [(PROGRAM, "letter.pdf"), (b"", "empty.pdf"), (PROGRAM, "letter.exe")])
def test_a_file_that_is_not_what_it_says_is_refused_and_the_page_stays(
    parent: Family, own: MadeCase, content: bytes, name: str
) -> None:
    refused = upload(parent, f"/requests/{own.id}/documents", content, name, title="My letter")
    assert refused.status_code == 422
    assert "There is a problem" in words(refused)
    assert 'value="My letter"' in refused.text


def test_a_missing_file_is_asked_for(parent: Family, own: MadeCase) -> None:
    refused = parent.post(f"/requests/{own.id}/documents", title="")
    assert refused.status_code == 422
    assert "Choose a file" in words(refused)


@pytest.mark.parametrize("before_sending", [True, False], ids=["a draft's", "a case's"])
def test_a_file_far_too_large_is_refused_before_it_is_read_and_its_title_is_kept(
    parent: Family, own: MadeCase, before_sending: bool
) -> None:
    draft = begin(parent).replace("safe-ways", "documents")
    path = draft if before_sending else f"/requests/{own.id}/documents"
    page = parent.get(path)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    names = re.findall(r'name="(csrf_token|title|file)"', page.text.partition("multipart")[2])
    assert names == ["csrf_token", "title", "file"]
    form = {"csrf_token": token[1], "title": "Rowan’s <report>", "file": (io.BytesIO(bytes(30 * 1024 * 1024)), "r.pdf")}
    refused = parent.client.post(path, base_url=parent.council.url, data=form)
    # The test client keeps a large body in a file of its own and leaves it open.
    refused.request.environ["wsgi.input"].close()
    assert refused.status_code == 413
    assert "That file is too large" in words(refused)
    assert "Rowan’s <report>" in words(refused)
    assert f'href="{path}"' in refused.text
    again = parent.post_from(refused, path, file=(io.BytesIO(PDF), "small.pdf"))
    assert "Rowan’s <report>" in words(parent.follow(again))


def test_another_familys_document_reads_as_one_that_never_was(
    parent: Family, visit: Callable[..., Family], make: Factory, own: MadeCase
) -> None:
    path = f"/requests/{own.id}/documents"
    parent.follow(upload(parent, path))
    document = added_id(parent, path)
    other = visit()
    other.sign_in(make)
    seen, unseen = (
        other.get(f"{path}/{document}/file"),
        other.get(f"/requests/{uuid.uuid4()}/documents/{document}/file"),
    )
    assert seen.status_code == unseen.status_code == 404
    assert without_secrets(seen) == without_secrets(unseen)
    assert other.get(path).status_code == 404
