"""What is said to people outside the pages: by e-mail, or by a coordinator whose task it is to tell them."""
