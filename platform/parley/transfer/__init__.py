"""A council's records taken out for the council, carried whole to another deployment, or removed."""
