"""How fast the site is, as ratios measured in one run (docs/decisions, "How speed is measured")."""
