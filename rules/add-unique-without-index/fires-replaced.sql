-- want+1 add-unique-without-index safe `DROP CONSTRAINT orders_note_key, ADD CONSTRAINT orders_note_key UNIQUE USING INDEX orders_note_key_new`
ALTER TABLE orders DROP CONSTRAINT orders_note_key, ADD CONSTRAINT orders_note_key UNIQUE (note, shop);
-- want+1 add-unique-without-index safe `ON orders (note, shop) INCLUDE (id) NULLS NOT DISTINCT`
ALTER TABLE orders ADD CONSTRAINT orders_key UNIQUE NULLS NOT DISTINCT (note, shop) INCLUDE (id);
-- want+1 add-unique-without-index safe `USING INDEX orders_late DEFERRABLE INITIALLY DEFERRED`
ALTER TABLE orders ADD CONSTRAINT orders_late UNIQUE (late) DEFERRABLE INITIALLY DEFERRED;
-- The old one is dropped by a statement before.
ALTER TABLE orders DROP CONSTRAINT orders_old;
-- want+1 add-unique-without-index safe `DROP CONSTRAINT IF EXISTS orders_old, ADD CONSTRAINT orders_old UNIQUE USING INDEX orders_old_new`
ALTER TABLE orders ADD CONSTRAINT orders_old UNIQUE (old);
