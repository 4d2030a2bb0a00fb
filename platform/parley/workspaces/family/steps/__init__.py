"""The questions of a request: one class a page, by the section it stands in. ``journey`` says in which order."""
