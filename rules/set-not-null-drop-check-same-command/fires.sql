-- fixture: rules=all assume-lock-timeout=yes
CREATE TABLE orders (id bigint CONSTRAINT orders_pkey PRIMARY KEY, note text CONSTRAINT note_given CHECK (note IS NOT NULL));
-- file: 001_create.down.sql
DROP TABLE orders;
-- file: 002.sql
-- want+1 set-not-null-drop-check-same-command@20 "note_given"
ALTER TABLE orders ALTER COLUMN note SET NOT NULL, DROP CONSTRAINT note_given;
-- file: 002.down.sql
ALTER TABLE orders ALTER COLUMN note DROP NOT NULL; -- want down-does-not-reverse-up "constraint orders.note_given does not come back"
