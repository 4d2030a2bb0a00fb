"""Names stay the person's own in every script, and lose what could do harm."""

import unicodedata
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parley.documents.domain import KINDS, DocumentKind
from parley.documents.names import clean_name, download_headers

DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("EHC plan (final).PDF", "EHC plan (final).pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\Ash\\plan.pdf", "plan.pdf"),
        ("/etc/", "document.pdf"),
        ("....", "document.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "document.pdf"),
        ("   ", "document.pdf"),
        ("plan\u202efdp.exe.pdf", "planfdp.exe.pdf"),
        ("plan\x00\r\nSet-Cookie: a=b.pdf", "planSet-Cookie_ a=b.pdf"),
        ("con.pdf", "file con.pdf"),
        ("LPT1.notes.pdf", "file LPT1.notes.pdf"),
        ("a" * 500 + ".pdf", "a" * 60 + ".pdf"),
        ("خطة الدعم.pdf", "خطة الدعم.pdf"),
        ("план поддержки.pdf", "план поддержки.pdf"),
        ("👩‍👧 our story 💙.pdf", "👩‍👧 our story 💙.pdf"),
        ('what<is>"this"?.pdf', "what_is__this.pdf"),
        ("Zoe\u0308.pdf", "Zoë.pdf"),
    ],
)
def test_names_as_people_and_attackers_write_them(raw: str, cleaned: str) -> None:
    assert clean_name(raw, DocumentKind.PDF) == cleaned


NAMES = st.text(alphabet=st.characters(), max_size=200) | st.text(
    alphabet=f'/\\.:*?"<>| \t\n\x00aé家ا👩‍👧{DIRECTIONS}pdf', max_size=80
)


@given(NAMES, st.sampled_from(DocumentKind))
@example("\u202e", DocumentKind.PDF)
@example("👩‍👧‍👦" * 40, DocumentKind.HEIC)
def test_every_name_comes_out_plain(raw: str, kind: DocumentKind) -> None:
    cleaned = clean_name(raw, kind)
    stem, _, extension = cleaned.rpartition(".")
    assert extension in KINDS[kind].extensions
    assert stem
    assert stem == stem.strip()
    assert not set(cleaned) & set('/\\<>:"|?*')
    assert not set(cleaned) & set(DIRECTIONS)
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Co", "Zl", "Zp"} for character in cleaned)
    assert len(cleaned.encode()) <= 255


@given(NAMES, st.sampled_from(DocumentKind))
def test_cleaning_a_clean_name_changes_nothing(raw: str, kind: DocumentKind) -> None:
    cleaned = clean_name(raw, kind)
    assert clean_name(cleaned, kind) == cleaned


@given(NAMES, st.sampled_from(DocumentKind))
def test_a_download_is_saved_under_its_name_and_never_shown(raw: str, kind: DocumentKind) -> None:
    name = clean_name(raw, kind)
    headers = download_headers(name, kind, 12)
    assert all(value.isascii() and "\n" not in value and "\r" not in value for value in headers.values())
    message = EmailMessage()
    message["Content-Disposition"] = headers["Content-Disposition"].partition("; filename*=")[0]
    assert message.get_content_disposition() == "attachment"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Length"] == "12"


def test_a_name_in_another_script_goes_by_the_standard() -> None:
    disposition = download_headers("خطة.pdf", DocumentKind.PDF, 1)["Content-Disposition"]
    assert disposition == "attachment; filename=\"document.pdf\"; filename*=UTF-8''%D8%AE%D8%B7%D8%A9.pdf"
