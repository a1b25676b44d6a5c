-- want+1 fk-without-index "no index begins with order_id of payments" safe `CREATE INDEX payments_order_id_idx ON payments (order_id);`
CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id));
CREATE INDEX partial ON payments (order_id) WHERE order_id > 5;
CREATE INDEX second ON payments (id, order_id);
-- file: 002.sql
ALTER TABLE payments ADD COLUMN shop_id int;
-- want+1 fk-without-index@22 safe `CREATE INDEX CONCURRENTLY payments_shop_id_idx`
ALTER TABLE payments ADD CONSTRAINT f FOREIGN KEY (shop_id) REFERENCES shops (id) NOT VALID;
