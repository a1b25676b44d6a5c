CREATE TABLE orders (id bigint);
CREATE TABLE shops (id bigint);
-- file: 002.sql
BEGIN;
ALTER TABLE orders ADD COLUMN note text;
LOCK TABLE shops;                              -- want explicit-lock-table@12 "waits for shops while orders is locked" safe `LOCK TABLE orders, shops IN ACCESS EXCLUSIVE MODE;`
COMMIT;
BEGIN;
CREATE INDEX orders_note ON orders (note);
LOCK TABLE shops IN EXCLUSIVE MODE;            -- want explicit-lock-table
COMMIT;
