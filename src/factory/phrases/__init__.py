"""A phrase grammar of English: descriptions to contracts without a model."""
