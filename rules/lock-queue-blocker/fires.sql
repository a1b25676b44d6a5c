CREATE TABLE fresh (a int);
ALTER TABLE fresh ADD COLUMN b int;
ALTER TABLE orders ADD COLUMN note text;              -- want lock-queue-blocker@1 "ALTER TABLE waits for its ACCESS EXCLUSIVE lock"
ALTER TABLE customers ADD COLUMN note text;
-- file: 002.sql
CREATE INDEX i ON orders (note);
