"""What every part may use: ids, clock, errors, calendar arithmetic, periods, the beginning of a sentence. Standard library only."""
