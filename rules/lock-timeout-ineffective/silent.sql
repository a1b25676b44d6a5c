SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN note text;
RESET lock_timeout;
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN a int;
SET LOCAL lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN b int;
COMMIT;
-- Works in a DO block, which runs in a transaction always.
DO $$ BEGIN
  SET LOCAL lock_timeout = '2s';
END $$;
SET LOCAL search_path = shop;
-- file: 002.sql
-- As a dump begins.
SET statement_timeout = 0;
SET lock_timeout = 0;
CREATE TABLE fresh (id bigint);
ALTER TABLE ONLY fresh ADD CONSTRAINT fresh_pkey PRIMARY KEY (id);
-- file: 003.sql
SET lock_timeout = 0;
CREATE INDEX CONCURRENTLY orders_note ON orders (note);
RESET lock_timeout;
ALTER TABLE orders ADD COLUMN c int;
-- file: 004.sql
BEGIN;
CREATE TABLE other (id bigint);
CREATE INDEX other_id ON other (id);
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN d int;
COMMIT;
