BEGIN;
ALTER TABLE orders ADD COLUMN total numeric;
UPDATE orders SET total = 0 WHERE total IS NULL;             -- want statement-after-access-exclusive@1 "reads and writes of orders stay blocked while rows of orders are changed"
COMMIT;
-- file: 002.sql
BEGIN;
ALTER TABLE orders ADD COLUMN more numeric;
CREATE INDEX i ON customers (name);                          -- want statement-after-access-exclusive "reads and writes of orders stay blocked while an index on customers is built"
ALTER TABLE accounts ADD CHECK (a > 0) NOT VALID;
COMMIT;
