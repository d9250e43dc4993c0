"""The compiler: contracts to IR to code. Knows no model, no network and no clock."""
