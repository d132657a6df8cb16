"""What each act of a case changes and who is told of it, one module a matter."""
