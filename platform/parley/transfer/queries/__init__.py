"""Reading what is taken out of a deployment."""
