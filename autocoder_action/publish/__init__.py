"""Everything that is written outwards, as data first, then applied."""
