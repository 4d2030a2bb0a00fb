"""The pages of a council's own staff: the tray of cases, one case's open side, the council's answer."""
