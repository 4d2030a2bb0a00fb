"""The without-prejudice side of a case: messages, notes, drafts, feedback, concerns.

Its own schema, login and keys; docs/walls.md says what they hold against.
"""
