"""Files in the shapes that people’s tools write, with the right value of each. Names are made up."""
