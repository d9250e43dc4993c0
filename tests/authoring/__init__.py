"""Ways into a contract: proposals, phrases, interviews."""
