"""A council's own published rules as data, each value with its evidence. The law is `parley.law`; this is not.

`evidence` says how a value is known, `domain` what a policy holds, `defaults` what Parley aims at where a
council says nothing, `schemas` and `loading` read `tenants/<slug>/policy.toml` and name every problem at once.
"""
