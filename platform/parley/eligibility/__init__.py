"""The question a family asks: can this service help us, why, what else can we do, and by when.

`domain.assess` is one pure function over `answers` (what the family said), a council's policy and the law. The
gates are in `gates`, the rows in `rules` and `rule_texts`, the dates in `dates`; `questions` orders the
questions for pages; `schemas` is the JSON of the contract (design, section 7).
"""
