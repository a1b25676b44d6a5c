CREATE INDEX CONCURRENTLY i ON orders (note);
SET lock_timeout = '10min';
CREATE INDEX CONCURRENTLY j ON orders (note);
SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN a int;
RESET lock_timeout;
CREATE INDEX CONCURRENTLY k ON orders (note);
-- No effect outside a transaction.
SET LOCAL lock_timeout = '2s';
CREATE INDEX CONCURRENTLY l ON orders (note);
REFRESH MATERIALIZED VIEW CONCURRENTLY totals;
-- file: 002.sql
-- Another session.
CREATE INDEX CONCURRENTLY m ON orders (note);
