"""Small rows and tables that fill in what a test does not speak of."""
