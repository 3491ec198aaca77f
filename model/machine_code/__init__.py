"""Machine code: what becomes machine code, and how it is kept on disk."""
