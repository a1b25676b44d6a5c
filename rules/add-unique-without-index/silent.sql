CREATE TABLE fresh (number text, CONSTRAINT fresh_number_key UNIQUE (number));
ALTER TABLE fresh ADD CONSTRAINT again UNIQUE (number);
CREATE UNIQUE INDEX CONCURRENTLY orders_number_key ON orders (number);
-- file: 002.sql
ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE USING INDEX orders_number_key;
