-- want+1 lock-timeout-ineffective@1 "SET LOCAL lock_timeout has no effect outside a transaction" safe `SET lock_timeout = '2s';`
SET LOCAL lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN note text;
SET LOCAL statement_timeout = 30000;                 -- want lock-timeout-ineffective "statement_timeout"
-- file: 002.sql
SET lock_timeout = 0;                                -- want lock-timeout-ineffective "switched off for ALTER TABLE"
ALTER TABLE orders ADD COLUMN a int;
-- file: 003.sql
BEGIN;
ALTER TABLE orders ADD COLUMN b int;
SET LOCAL lock_timeout = '2s';                       -- want lock-timeout-ineffective "after ALTER TABLE has waited for its lock on orders"
COMMIT;
