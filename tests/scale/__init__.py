"""An organisation with many records: what its pages and commands visit in the database and send."""
