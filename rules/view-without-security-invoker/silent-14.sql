-- fixture: pg=13..14
CREATE TABLE orders (id bigint, tenant text);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE VIEW open_orders AS SELECT id FROM orders;
