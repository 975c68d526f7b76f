"""An invented authority in the formats that real ones use."""
