-- fixture: rules=all assume-lock-timeout=yes
-- One hazard, one finding: the rewrite that serial causes is the greater one.
CREATE TABLE orders (a int);
-- file: 001_create.down.sql
DROP TABLE orders;
-- file: 002.sql
ALTER TABLE orders ADD COLUMN id bigserial CONSTRAINT orders_pkey PRIMARY KEY;     -- want add-column-serial
-- file: 002.down.sql
ALTER TABLE orders DROP COLUMN id;
