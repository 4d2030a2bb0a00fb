"""What is said to people outside the pages: by e-mail now, by other channels later."""
