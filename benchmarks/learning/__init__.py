"""Measurements of learning from reviews."""
