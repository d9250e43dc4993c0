"""Rules about infra contracts."""
