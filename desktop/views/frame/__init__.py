"""What surrounds the pages: banner, status, help, shortcuts, drops."""
