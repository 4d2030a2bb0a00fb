"""The operators' page: counts, states and errors of the platform; never a case, never a person."""
