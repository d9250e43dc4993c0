"""What the tests of every service share: declarations, values, a client, the tests themselves."""
