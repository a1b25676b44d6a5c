CREATE TABLE shops (id int PRIMARY KEY);
CREATE TABLE payments (id bigint PRIMARY KEY, shop_id int REFERENCES shops (id), parent bigint REFERENCES payments (id));
ALTER TABLE orders ADD COLUMN shop_id int REFERENCES shops (id);
ALTER TABLE orders DROP COLUMN shop_id;
DROP TABLE payments;
