"""Audit (日志): what people did, kept for ever."""
