"""A deployment of a test's own: settings whose keys and data lie in the test's folder."""

import base64
import pathlib
from collections.abc import Mapping

from parley.db.keys import new_key_text
from parley.settings import MOST_REQUESTS_PER_SECOND, Mode, Pooler, Settings
from support import compiled_templates
from support.factories import COMPARTMENT_KEY, MASTER_KEY
from support.signin_server import ROOT, free_port

#: A database that nobody connects to: an application can be built, and looked at, without one.
NOWHERE = {login: "postgresql://nobody@127.0.0.1:1/none" for login in ("app", "provider", "operator")}


def deployment(
    folder: pathlib.Path,
    login_urls: Mapping[str, str],
    *,
    mode: Mode = Mode.DEMONSTRATION,
    pooler: Pooler = Pooler.NONE,
) -> Settings:
    """Return settings that ``create_app`` and ``parley doctor`` can use; of the other parts none runs.

    The keys are those that the factories seal with.
    """
    texts = {
        "master.key": base64.b64encode(MASTER_KEY).decode(),
        "compartment.key": base64.b64encode(COMPARTMENT_KEY).decode(),
        "cookie.key": new_key_text(),
    }
    compiled_templates.FOLDER.mkdir(parents=True, exist_ok=True)
    (folder / "cache").mkdir()
    (folder / "cache" / "templates").symlink_to(compiled_templates.FOLDER)
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)
    return Settings(
        mode=mode,
        data=folder,
        tenants=ROOT / "tenants",
        login_urls={login: url for login, url in login_urls.items() if login != "owner"},
        pooler=pooler,
        master_key_file=folder / "master.key",
        compartment_key_file=folder / "compartment.key",
        secret_key_file=folder / "cookie.key",
        smtp_url=f"smtp://127.0.0.1:{free_port()}",
        plugin_socket=folder / "run" / "plugins.sock",
        demo_signin_port=free_port(),
        # Tests send more in a second than people and programs do.
        api_requests_per_second=MOST_REQUESTS_PER_SECOND,
        check_requests_per_second=MOST_REQUESTS_PER_SECOND,
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment in which a command or a server finds the deployment of ``settings``."""
    logins = {f"PARLEY_DATABASE_URL_{name.upper()}": url for name, url in settings.login_urls.items()}
    return logins | {
        "PARLEY_MODE": settings.mode.value,
        "PARLEY_DATA": str(settings.data),
        "PARLEY_TENANTS": str(settings.tenants),
        "PARLEY_MASTER_KEY_FILE": str(settings.master_key_file),
        "PARLEY_COMPARTMENT_KEY_FILE": str(settings.compartment_key_file),
        "PARLEY_SECRET_KEY_FILE": str(settings.secret_key_file),
    }
