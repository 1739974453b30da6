"""Figures for leads that take long to compute: drift and learning, worked out in a process of their own."""
