"""A meeting that was held, and the browsers of those who were there."""

import pytest
from flask import Flask

from support.factories import Factory
from support.family import Served
from support.outcome_room import Room, room_of


@pytest.fixture
def room(app: Flask, make: Factory, council: Served, login_urls: dict[str, str]) -> Room:
    """A meeting that was held between a signed-in family, its council and a school."""
    return room_of(app, make, council, login_urls["worker"])
