"""The checker finds each kind of defect in a copy of this checkout."""
