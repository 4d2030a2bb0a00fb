"""Where the checkout lies: migrations, tenants, demo and wsgi.py are beside ``platform/``."""

import pathlib

import parley

ROOT = pathlib.Path(parley.__file__).resolve().parents[2]
