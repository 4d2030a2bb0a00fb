"""How long records are kept, by class and by who answers for them; legal holds; and their disposal."""
