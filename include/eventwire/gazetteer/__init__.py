"""Who and what names mean: countries, persons, bodies, roles and places."""
