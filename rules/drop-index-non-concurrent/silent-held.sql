-- fixture: transaction=per_file
CREATE TABLE orders (id bigint, note text);
CREATE INDEX orders_note ON orders (note);
-- file: 002.sql
ALTER TABLE orders ADD COLUMN remark text;
DROP INDEX orders_note;
