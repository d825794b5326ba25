"""What an installation must hold, what it holds, and the verdict."""
