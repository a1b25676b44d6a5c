-- fixture: transaction=per_file
-- A constraint trigger instead of a key.
CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER orders_note AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note();
-- file: 002.sql
INSERT INTO orders VALUES (1);
ALTER TABLE orders ADD COLUMN note text;  -- want dml-then-ddl-pending-trigger-events@1 "orders"
