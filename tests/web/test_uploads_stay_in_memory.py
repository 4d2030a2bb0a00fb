"""An uploaded file never lies on a disk in the clear."""

import io

from werkzeug.test import EnvironBuilder, encode_multipart

from parley.web.lifecycle import ParleyRequest


def test_a_large_upload_is_kept_in_memory():
    boundary, body = encode_multipart({"file": (io.BytesIO(b"x" * 3_000_000), "report.pdf")})
    sent = EnvironBuilder(method="POST", data=body, content_type=f"multipart/form-data; boundary={boundary}")
    request = ParleyRequest(sent.get_environ())
    assert isinstance(request.files["file"].stream, io.BytesIO)
    assert len(request.files["file"].read()) == 3_000_000
