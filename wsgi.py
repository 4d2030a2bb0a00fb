"""What a WSGI server imports: ``gunicorn wsgi:app``."""

import gc
import os

import parley.logging
from parley.app import create_app
from parley.settings import load_settings

#: New objects between two looks for garbage. A page makes some thousands, and nearly all go by themselves.
OBJECTS_BETWEEN_COLLECTIONS = 20_000

parley.logging.configure()
app = create_app(load_settings(os.environ))

# The application itself lives as long as its process: the collector need not walk it again with every request, and
# processes forked from a preloading server go on sharing its memory.
gc.collect()
gc.freeze()
gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
