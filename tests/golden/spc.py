"""`spc` by module, so that it runs in the interpreter of the tests."""

from specora.cli import main

if __name__ == "__main__":
    main()
