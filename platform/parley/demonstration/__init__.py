"""What a demonstration shows before anybody typed anything: cases in every state. Refuses to run in production."""
