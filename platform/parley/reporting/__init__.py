"""Figures for commissioners: counted from cases, kept as rows that know no case, and never small enough to point."""
