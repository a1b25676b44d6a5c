CREATE TABLE payments (id bigint PRIMARY KEY REFERENCES base (id), order_id bigint REFERENCES orders (id), a int, b int, UNIQUE (b, a),
  FOREIGN KEY (a, b) REFERENCES pairs (a, b));
CREATE INDEX ON payments (order_id, a);
-- file: 002.sql
CREATE INDEX CONCURRENTLY payments_a ON payments (a);
ALTER TABLE payments ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES shops (id) NOT VALID;
