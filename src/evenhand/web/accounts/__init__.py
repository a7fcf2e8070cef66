"""Accounts (账号): who a person is and for which area they answer."""
