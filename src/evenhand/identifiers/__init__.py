"""Identifiers: what a number says, and why it cannot be right (编码校验与解读)."""
