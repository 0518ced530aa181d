"""What a run tells people about itself."""
