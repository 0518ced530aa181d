"""A situation becomes exactly one plan, before anything is done."""
