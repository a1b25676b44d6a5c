ALTER TABLE orders ADD COLUMN a int;
BEGIN;                                             -- want uncommitted-transaction@1 "never committed"
ALTER TABLE orders ADD COLUMN b int;
-- file: 002.sql
BEGIN;
COMMIT;
START TRANSACTION;                                 -- want uncommitted-transaction
SAVEPOINT a;
RELEASE a;
