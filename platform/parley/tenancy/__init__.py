"""Councils, regions, frameworks, providers and who commissions whom."""
