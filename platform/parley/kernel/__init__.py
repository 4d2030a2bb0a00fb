"""What every part may use: ids, clock, errors, calendar and periods, how a sentence begins. Standard library only."""
