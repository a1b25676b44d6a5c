VACUUM orders;
VACUUM (ANALYZE) orders;
CREATE TABLE fresh (a int);
CLUSTER fresh USING fresh_idx;
ALTER TABLE fresh SET UNLOGGED;
ALTER TABLE fresh SET TABLESPACE fast;
ALTER TABLE orders CLUSTER ON orders_idx;
ALTER TABLE orders SET (fillfactor = 70);
-- file: 002.sql
-- Logged already.
ALTER TABLE fresh SET UNLOGGED;
