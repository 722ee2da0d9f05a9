"""Connects to the configured gateway as a board would, and says what a board would find."""
