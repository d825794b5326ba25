"""What an editor means by what was typed: dates as filters, question words left out, slips of the keyboard."""
