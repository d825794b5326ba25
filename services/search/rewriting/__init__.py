"""Understand what an editor means by a query: dates become filters, question words go, typing slips are corrected."""
