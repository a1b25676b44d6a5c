-- Each statement is its own transaction.
ALTER TABLE orders ADD COLUMN total numeric;
UPDATE orders SET total = 0 WHERE total IS NULL;
BEGIN;
ALTER TABLE orders ADD COLUMN more numeric;
COMMIT;
CREATE INDEX i ON customers (name);
BEGIN;
-- Blocks the same table as strongly by itself.
ALTER TABLE orders ADD COLUMN a int;
ALTER TABLE orders ADD CONSTRAINT c CHECK (a > 0);
COMMIT;
BEGIN;
CREATE TABLE fresh (a int);
INSERT INTO fresh VALUES (1);
UPDATE orders SET total = 0 WHERE total IS NULL;
COMMIT;
BEGIN;
ALTER TABLE orders ADD COLUMN b int;
CREATE TABLE newer (a int);
INSERT INTO newer VALUES (1);
CREATE INDEX ON newer (a);
UPDATE newer SET a = 2;
INSERT INTO orders VALUES (1);
COMMENT ON TABLE customers IS '';
COMMIT;
BEGIN;
-- A temporary table, made again if an earlier attempt left one.
DROP TABLE IF EXISTS scratch;
CREATE TEMP TABLE scratch AS SELECT id FROM customers;
UPDATE orders SET total = 0 FROM scratch WHERE scratch.id = orders.id;
COMMIT;
