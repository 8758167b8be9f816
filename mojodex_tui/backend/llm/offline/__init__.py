"""The assistant without a model: rules that read the user's text and lay out a draft."""
