"""A council's configuration against a plugin's stored JSON Schema: works without starting the plugin."""

from typing import Any

import jsonschema


def config_problems(schema: dict[str, Any], config: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return (key, message) for each way in which ``config`` does not fit; messages never quote a secret's value."""
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    secret = {key for key, shape in schema.get("properties", {}).items() if shape.get("writeOnly")}
    problems = []
    for error in sorted(validator.iter_errors(config), key=lambda e: [str(part) for part in e.absolute_path]):
        key = ".".join(str(part) for part in error.absolute_path)
        is_secret = bool(error.absolute_path) and error.absolute_path[0] in secret
        problems.append((key, "is not what the plugin's schema allows" if is_secret else error.message))
    return tuple(problems)
