"""What is remembered: generations, attempts, feedback."""
