-- fixture: transaction=per_file rules=all assume-lock-timeout=yes
CREATE TABLE shops (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, shop bigint REFERENCES shops ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
INSERT INTO shops VALUES (1);
-- file: 002.sql
INSERT INTO orders VALUES (1, 1);
ALTER TABLE orders ADD COLUMN note text;  -- want dml-then-ddl-pending-trigger-events
