"""Classes that answer a consultation together: asked for, approved, led by a teacher, joined by pupils."""
