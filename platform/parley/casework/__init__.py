"""The case: who is party to it, what each agreed to and may see, what is due, and what has happened."""
