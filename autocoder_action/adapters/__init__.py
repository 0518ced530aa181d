"""The only modules that import a vendor library, one for each outside system."""
