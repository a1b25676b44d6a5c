-- The new table is nobody's, the referenced one is somebody's.
CREATE TABLE orders (id bigint PRIMARY KEY);
-- file: 002.sql
CREATE TABLE items (order_id bigint REFERENCES orders);  -- want lock-queue-blocker "SHARE ROW EXCLUSIVE"
