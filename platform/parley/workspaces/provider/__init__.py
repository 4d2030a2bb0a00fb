"""Pages of a provider's staff: their list over all councils, a case, what they do in it, and a caller's request."""
