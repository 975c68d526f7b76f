"""A study's protocol: what is asked and how it is judged, locked before anybody looks at held-out scores."""
