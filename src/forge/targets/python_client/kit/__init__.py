"""Code that every Python client ships as it is."""
