BEGIN;
ALTER TABLE orders ADD COLUMN a int;
COMMIT;
BEGIN;
ROLLBACK;
BEGIN;
PREPARE TRANSACTION 'x';
-- file: 002.sql
-- A runner that the layout does not know opens a transaction around the file.
ALTER TABLE orders ADD COLUMN b int;
COMMIT;
CREATE INDEX CONCURRENTLY i ON orders (b);
BEGIN;
