"""The without-prejudice side of a case: private messages, a mediator's notes. Its own schema, login and keys."""
