"""The edge of the process: its budgets, on a server of its own with a small app."""
