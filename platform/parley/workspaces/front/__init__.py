"""The front page of a deployment, which lists its councils; in a demonstration also the mail that was sent."""
