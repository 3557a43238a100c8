"""From what was received to what is stored: encodings, texts, bylines, datelines, languages."""
