"""Register (主体库): home, search, subject and quality pages on the current release."""
