"""What a WSGI server imports: ``gunicorn wsgi:app``."""

import os

from parley.app import create_app
from parley.settings import load_settings

app = create_app(load_settings(os.environ))
