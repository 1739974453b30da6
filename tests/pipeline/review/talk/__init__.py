"""Tests of questions between colleagues."""
