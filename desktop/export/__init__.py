"""Results of files written for other programs: tables, labels, reports. No Qt but for pictures."""
