"""API v1 of teams: keys."""
