"""Attacks on a real running app and database, each with a control that shows that it could succeed.

test_addresses       unknown addresses, the agent API, the metrics, a flood at the health check
test_clock           a clock that jumps by an hour and by a year, forwards and back
test_connections     half requests, windows, messages that never end
test_contexts        a context used in another transaction, and other people's statements
test_corruption      damaged pages of tables and indexes
test_disturbing      filling the disk, the memory and the trail by SQL
test_estimates       ids of another organisation from the planner's estimates
test_full_disk       a full disk under the database, its log and the data folder
test_guessing        passwords guessed from many addresses of one network
test_nginx           strangers at the nginx of `docs/many-people.md`, in front of the app
test_no_locks        a data folder on a disk without flock
test_origins         pages of other sites and ports, other hosts, malformed requests
test_rejected_rows   an import with very many rejected rows
test_supply_chain    what the app is made of: altered packages, and who holds which secret
test_uploads         memory filled by uploaded files
"""
