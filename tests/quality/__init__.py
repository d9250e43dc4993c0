"""What `make check` looks at besides the tests."""
