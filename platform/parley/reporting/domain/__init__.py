"""What is counted, into which quarter it falls, and what of it may be shown. Pure."""
