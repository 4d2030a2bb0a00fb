"""The conditions and texts of the gates and rows of `parley.law.england_2014`: code and words, where that is data."""
