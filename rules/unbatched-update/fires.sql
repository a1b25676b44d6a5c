UPDATE orders SET note = '' WHERE note IS NULL;                                    -- want unbatched-update@1 "updating an unbounded number of rows of orders"
DELETE FROM shop."Orders" o USING customers c WHERE c.id = o.customer AND c.gone;  -- want unbatched-update "deleting"
UPDATE orders SET total = c.total FROM customers c WHERE c.id = orders.customer;   -- want unbatched-update
-- file: 002.sql
CREATE TABLE accounts (id bigint PRIMARY KEY, state text, a int);
-- file: 003.sql
UPDATE accounts SET a = a + 1 WHERE state <> 'gone';                               -- want unbatched-update "accounts"
DELETE FROM accounts WHERE id > 100;                                               -- want unbatched-update
