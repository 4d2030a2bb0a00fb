"""Global Mediation's plugin passes the kit that every provider plugin must pass."""

from typing import Any

import parley_global_mediation
import pytest

from parley.plugin_api.testing import ProviderConformance


class TestGlobalMediation(ProviderConformance):
    entry_point = "global_mediation"
    distribution = "parley-global-mediation"

    @pytest.fixture
    def plugin(self) -> object:
        return parley_global_mediation.plugin

    @pytest.fixture
    def valid_config(self) -> dict[str, Any]:
        return {"mailbox": "sen@globalmediation.co.uk", "team": "Team Anyshire"}

    @pytest.fixture
    def other_config(self) -> dict[str, Any]:
        return {"mailbox": "team-o@globalmediation.co.uk", "team": "Team Otherham"}
