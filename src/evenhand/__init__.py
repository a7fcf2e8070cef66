"""Evenhand (公衡): trusted data, fair draws and explained grades for food-safety supervision."""

__version__ = "0.1.0"
