"""The page of files: the table and the detail of one file."""
