CREATE TABLE fresh (a int);
ALTER TABLE fresh RENAME COLUMN a TO b;
ALTER TABLE orders ADD COLUMN x int;
ALTER TABLE orders RENAME COLUMN x TO y;
ALTER TABLE orders RENAME CONSTRAINT c TO d;
-- file: 002.sql
BEGIN;
ALTER TABLE orders RENAME TO orders_base;
ALTER TABLE orders_base RENAME COLUMN note TO remark;
CREATE VIEW orders AS SELECT *, remark AS note FROM orders_base;
COMMIT;
-- file: 003.sql
-- The last step of changing a type without a rewrite: the name goes on to exist.
BEGIN;
ALTER TABLE invoices RENAME COLUMN id TO id_old;
ALTER TABLE invoices RENAME COLUMN id_new TO id;
COMMIT;
