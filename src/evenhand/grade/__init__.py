"""Grade."""
