"""What a WSGI server imports: ``gunicorn wsgi:app``."""

import os

import parley.logging
from parley.app import create_app
from parley.settings import load_settings

parley.logging.configure()
app = create_app(load_settings(os.environ))
