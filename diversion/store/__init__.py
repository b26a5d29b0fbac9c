"""The memory of the case: an embedded file or a server."""
