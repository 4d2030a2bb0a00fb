"""The tenants folder: what its files say (`files`), and the database brought in line with them (`loading`)."""
