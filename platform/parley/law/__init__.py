"""The law of disagreement resolution in England: dated, cited data and pure functions over it.

Nothing here knows a council. `domain` holds the words and the shape of a law version, `england_2014` the
rules in force, `versions` says which version governs a day, `deadlines` works out the dates that run
whatever a family asks for, and `holidays` supplies England's bank holidays. docs/law.md says how a change
of law is entered.
"""
