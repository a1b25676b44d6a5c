-- fixture: transaction=per_file
CREATE TABLE shops (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, shop bigint NOT NULL REFERENCES shops DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE lines (id bigint PRIMARY KEY, shop bigint REFERENCES shops DEFERRABLE);
INSERT INTO shops VALUES (1);
-- file: 002.sql
INSERT INTO orders VALUES (1, 1);
ALTER TABLE shops ADD COLUMN name text;
-- want+1 dml-then-ddl-pending-trigger-events@1 "because it has pending trigger events" safe `SET CONSTRAINTS ALL IMMEDIATE;`
ALTER TABLE orders ADD COLUMN note text;
-- file: 003.sql
INSERT INTO orders VALUES (2, 1);
CREATE INDEX orders_shop_idx ON orders (shop);  -- want dml-then-ddl-pending-trigger-events "cannot CREATE INDEX"
-- file: 004.sql
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO lines VALUES (1, 1);
TRUNCATE lines;                                 -- want dml-then-ddl-pending-trigger-events "cannot TRUNCATE"
-- file: 005.sql
CREATE TABLE scratch (LIKE orders, FOREIGN KEY (shop) REFERENCES shops INITIALLY DEFERRED);
INSERT INTO scratch VALUES (1, 1);
DROP TABLE scratch;                             -- want dml-then-ddl-pending-trigger-events "cannot DROP TABLE"
