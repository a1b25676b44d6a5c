CREATE TABLE orders (id bigint PRIMARY KEY, note text, state text, changed_at timestamptz);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed_at := now(); RETURN NEW; END $$;
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER orders_audit AFTER UPDATE OF state OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION audit();
-- file: 002.sql
UPDATE orders SET note = '' WHERE note IS NULL;    -- want backfill-fires-triggers@1 "updating an unbounded number of rows of orders fires trigger orders_touch once for each" safe `SET LOCAL session_replication_role = replica;`
-- file: 003.sql
UPDATE orders SET state = 'new';                   -- want backfill-fires-triggers "fires triggers orders_touch, orders_audit once"
-- file: 004.sql
DELETE FROM orders WHERE state = 'gone';           -- want backfill-fires-triggers "deleting an unbounded number of rows of orders fires trigger orders_audit once for each (1 more statement"
DELETE FROM orders WHERE state = 'lost';
-- file: 005.sql
ALTER TABLE orders DISABLE TRIGGER orders_touch;
UPDATE orders SET state = 'old', note = 'x';       -- want backfill-fires-triggers "fires trigger orders_audit once"
