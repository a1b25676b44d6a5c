-- fixture: transaction=per_file
CREATE TABLE shops (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, shop bigint REFERENCES shops DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE lines (id bigint PRIMARY KEY, shop bigint REFERENCES shops DEFERRABLE);
CREATE TABLE notes (id bigint PRIMARY KEY, shop bigint REFERENCES shops);
INSERT INTO shops VALUES (1);
-- file: 002.sql
INSERT INTO lines VALUES (1, 1);
ALTER TABLE lines ADD COLUMN note text;
INSERT INTO notes VALUES (1, 1);
ALTER TABLE notes ADD COLUMN note text;
-- file: 003.sql
INSERT INTO orders VALUES (3, 1);
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE orders ADD COLUMN one text;
INSERT INTO orders VALUES (4, 1);
ALTER TABLE orders ADD COLUMN two text;
-- file: 004.sql
-- No row, perhaps.
INSERT INTO orders SELECT id, id FROM shops WHERE id > 1000;
INSERT INTO orders VALUES (4, 1) ON CONFLICT (id) DO NOTHING;
UPDATE orders SET shop = 1 WHERE id = 1000;
ALTER TABLE orders ADD COLUMN three text;
-- file: 005.sql
SAVEPOINT before;
INSERT INTO orders VALUES (5, 1);
ROLLBACK TO before;
ALTER TABLE orders ADD COLUMN four text;
-- file: 006.sql
ALTER TABLE orders DISABLE TRIGGER ALL;
INSERT INTO orders VALUES (6, 1);
ALTER TABLE orders ENABLE TRIGGER ALL;
-- file: 007.sql
INSERT INTO orders VALUES (7, 1);
-- file: 008.sql
ALTER TABLE orders ADD COLUMN five text;
