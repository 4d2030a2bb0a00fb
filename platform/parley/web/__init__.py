"""The page shell: hosts, the life of a request, components, errors. No use case lives here."""
