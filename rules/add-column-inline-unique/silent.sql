CREATE TABLE fresh (a int);
ALTER TABLE fresh ADD COLUMN number text UNIQUE;
ALTER TABLE orders ADD COLUMN number text;
-- file: 002.sql
CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number);
-- file: 003.sql
ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE USING INDEX orders_number_key;
