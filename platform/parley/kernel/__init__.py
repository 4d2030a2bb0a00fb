"""What every part may use: ids, clock, errors, calendar arithmetic. Standard library only."""
