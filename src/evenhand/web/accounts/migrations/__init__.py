"""Steps of the database for this app."""
