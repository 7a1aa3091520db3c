"""Apps in the shapes that public ones have, which the attacks find their own way into."""
