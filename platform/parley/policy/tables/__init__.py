"""The tables of `policy.toml` as marshmallow, one module for each of `parley.policy.records`."""
