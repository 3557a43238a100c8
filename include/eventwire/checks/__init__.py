"""What is checked of a batch before it is published, and how it compares with the days before."""
