"""Which files a run reads and in which format each is."""
