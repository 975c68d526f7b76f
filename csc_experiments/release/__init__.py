"""What may leave an authority: disclosure rules, audit, bundles."""
