"""Files that people add to a request or a case: checked, sealed in pieces, shown to whom they were shown."""
