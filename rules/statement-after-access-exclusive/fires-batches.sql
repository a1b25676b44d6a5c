-- fixture: transaction=per_file rules=all
CREATE TABLE orders (id bigint PRIMARY KEY, note text);
-- file: 002.sql
SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN total numeric;
-- The rows that are changed are those of the table that is locked: said once, with both ways out.
-- want+1 statement-after-access-exclusive safe `WHERE (note = 'x') AND orders.id >= 1 AND orders.id < 10001;`
UPDATE orders SET total = 0 WHERE note = 'x';
-- Of another table the row locks are a harm of their own.
UPDATE items SET total = 0 WHERE note = 'x';  -- want unbatched-update
