"""Parley: councils, providers and families settle SEND disagreements without a tribunal."""
