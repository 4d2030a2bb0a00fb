"""Background work that is committed together with the change that causes it."""
