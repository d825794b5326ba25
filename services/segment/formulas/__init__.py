"""Readers for what papers print by rule: bylines, credits, weather, jump lines, furniture."""
