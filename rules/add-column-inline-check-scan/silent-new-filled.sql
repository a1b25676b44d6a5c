-- fixture: transaction=per_file
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, total int, note varchar(50));
-- file: 002.sql
-- Its many rows take long, but nobody knows the table before the transaction ends.
CREATE TABLE filled AS SELECT * FROM orders;
ALTER TABLE filled ADD COLUMN n int DEFAULT 1 CHECK (n > 0);
