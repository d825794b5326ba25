"""Code that every service shares: settings, logging, and the stage that consumes, decides, emits and quarantines."""
