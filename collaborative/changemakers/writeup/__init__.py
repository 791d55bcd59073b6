"""After a workshop: what was said is arranged and written up, checked by those who were there, published."""
