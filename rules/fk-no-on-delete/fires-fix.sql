CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES shop.orders NOT NULL);   -- want fk-no-on-delete
ALTER TABLE lines ADD FOREIGN KEY (a, b) REFERENCES "Keys" (a, b) MATCH FULL ON UPDATE CASCADE DEFERRABLE;   -- want fk-no-on-delete
