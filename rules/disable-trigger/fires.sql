ALTER TABLE orders DISABLE TRIGGER orders_audit;      -- want disable-trigger@20 "trigger orders_audit of orders stay disabled"
ALTER TABLE orders DISABLE TRIGGER ALL;               -- want disable-trigger "all triggers" safe `ENABLE TRIGGER ALL`
SET session_replication_role = replica;               -- want disable-trigger "stays replica"
-- file: 002.sql
-- Not in one transaction: others write in between.
ALTER TABLE shops DISABLE TRIGGER USER;               -- want disable-trigger "until they are enabled again"
UPDATE shops SET note = 'x' WHERE id = 1;
ALTER TABLE shops ENABLE TRIGGER USER;
-- file: 003.sql
BEGIN;
ALTER TABLE shops DISABLE TRIGGER ALL;                -- want disable-trigger
ALTER TABLE shops ENABLE TRIGGER USER;
ALTER TABLE orders ENABLE TRIGGER ALL;
COMMIT;
