"""What came of a case, in the open: outcomes, agreed actions and what becomes of them."""
