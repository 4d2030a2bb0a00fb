"""Signing in: through a council's or an organisation's own issuer, or by an e-mailed one-time link; and sessions."""
