"""Attacks on a real running app and database, each with a control that shows that it could succeed.

test_addresses       unknown addresses, the agent API, the metrics, a flood at the health check
test_origins         pages of other sites and ports, other hosts, malformed requests
"""
