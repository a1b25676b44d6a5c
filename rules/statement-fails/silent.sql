-- fixture: transaction=per_file
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
CREATE VIEW notes AS SELECT note FROM orders;
-- file: 002.sql
ALTER TABLE orders ADD COLUMN IF NOT EXISTS note text;
CREATE TABLE IF NOT EXISTS orders (id int);
-- What the history does not know may well be there.
ALTER TABLE unknown DROP COLUMN c;
ALTER TABLE orders DROP COLUMN IF EXISTS something;
DROP INDEX nowhere;
-- Depends on the rows.
ALTER TABLE orders ADD CONSTRAINT positive CHECK (id > 0);
DO $$ BEGIN
  CREATE TABLE orders (id int);
EXCEPTION WHEN duplicate_table THEN NULL;
END $$;
DROP TABLE orders CASCADE;
-- file: 003.sql
CREATE TABLE orders (id int PRIMARY KEY);
-- What a command of the statement drops is gone before another adds, whatever their order.
ALTER TABLE orders ADD COLUMN uuid uuid;
ALTER TABLE orders ADD PRIMARY KEY (uuid), DROP COLUMN id;
ALTER TABLE orders ADD CONSTRAINT c CHECK (uuid IS NOT NULL);
ALTER TABLE orders ADD CONSTRAINT c UNIQUE (uuid), DROP CONSTRAINT c;
-- file: 003.down.sql
CREATE TABLE orders (id int);
