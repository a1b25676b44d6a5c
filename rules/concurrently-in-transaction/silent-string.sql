-- fixture: transaction=implicit
-- One statement alone in a string is no transaction block.
CREATE INDEX CONCURRENTLY i ON orders (note);
-- file: 002.sql
DROP INDEX CONCURRENTLY i;
