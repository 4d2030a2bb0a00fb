"""The question a family asks: can this service help us, why, what else can we do, and by when.

`domain.assess` is one pure function over `answers` (what the family said), a council's policy and the law. What is
tried belongs to a version of the law: `tables` says which gates and rows, `england_2014` has those in force. The dates
are in `dates`; `explaining` writes out the trace of a result; `questions` orders the questions for pages; `schemas` is
the JSON of the contract (design, section 7).
"""
