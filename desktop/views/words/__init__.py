"""What users read, in their language: English in the source, the others in one file each."""
