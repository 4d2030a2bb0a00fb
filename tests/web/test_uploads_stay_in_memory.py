"""An uploaded file never lies on a disk in the clear."""

import io

from werkzeug.datastructures import FileStorage
from werkzeug.test import EnvironBuilder, encode_multipart

from parley.web.lifecycle import ParleyRequest


def test_a_large_upload_is_kept_in_memory():
    sent = FileStorage(io.BytesIO(b"x" * 3_000_000), filename="report.pdf")
    boundary, body = encode_multipart({"file": sent})
    builder = EnvironBuilder(method="POST", data=body, content_type=f"multipart/form-data; boundary={boundary}")
    received = ParleyRequest(builder.get_environ()).files["file"]
    assert isinstance(received.stream, io.BytesIO)
    assert len(received.read()) == 3_000_000
