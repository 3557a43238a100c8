"""What differs between two lakes of the same articles, or between the versions within one."""
