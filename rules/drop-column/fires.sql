ALTER TABLE orders DROP COLUMN note;                       -- want drop-column@20 "column note of orders"
ALTER TABLE IF EXISTS shop."Orders"
  ADD COLUMN a int,
  DROP COLUMN IF EXISTS "Note" CASCADE;                    -- want drop-column@3 "Note"
-- file: 002.sql
CREATE TABLE accounts (id bigint PRIMARY KEY, a int NOT NULL, b int, UNIQUE (a, b));
CREATE INDEX accounts_ab ON accounts (b, a);
-- file: 003.sql
ALTER TABLE accounts DROP COLUMN a, DROP b;                -- want drop-column@22 "column a"; drop-column@37 "column b"
-- file: 004.sql
ALTER TABLE accounts ADD COLUMN c int;
-- file: 004.down.sql
ALTER TABLE accounts DROP COLUMN id;                       -- want drop-column
