CREATE TABLE orders (id bigint PRIMARY KEY, note text, state text, changed_at timestamptz);
CREATE TABLE shops (id bigint PRIMARY KEY, note text);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER orders_new BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER orders_once AFTER UPDATE ON orders EXECUTE FUNCTION touch();
CREATE TRIGGER orders_state BEFORE UPDATE OF state ON orders FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER orders_same BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER shops_touch BEFORE UPDATE ON shops FOR EACH ROW EXECUTE FUNCTION touch();
-- file: 002.sql
UPDATE orders SET note = '';
DELETE FROM orders WHERE note IS NULL;
-- A few rows.
UPDATE shops SET note = '' WHERE id = 7;
UPDATE shops SET note = '' WHERE id BETWEEN 1 AND 1000;
UPDATE shops SET note = '' WHERE id IN (SELECT id FROM shops WHERE note IS NULL LIMIT 1000);
-- file: 003.sql
BEGIN;
ALTER TABLE shops DISABLE TRIGGER USER;
UPDATE shops SET note = '';
ALTER TABLE shops ENABLE TRIGGER USER;
COMMIT;
BEGIN;
SET LOCAL session_replication_role = replica;
UPDATE shops SET note = '';
COMMIT;
-- file: 004.sql
-- Made for this very update.
CREATE TRIGGER orders_fill BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
UPDATE orders SET note = note;
-- file: 005.sql
CREATE TABLE fresh (id bigint, note text);
INSERT INTO fresh SELECT id, note FROM shops;
CREATE TRIGGER fresh_touch BEFORE UPDATE ON fresh FOR EACH ROW EXECUTE FUNCTION touch();
UPDATE fresh SET note = '';
DROP TRIGGER shops_touch ON shops;
UPDATE shops SET note = '';
