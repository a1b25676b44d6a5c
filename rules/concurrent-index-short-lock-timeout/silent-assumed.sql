-- fixture: assume-lock-timeout=yes
CREATE INDEX CONCURRENTLY i ON orders (note);
