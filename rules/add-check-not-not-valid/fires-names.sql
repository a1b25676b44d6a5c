CREATE TABLE orders (id int, total int, CHECK (id < total));
-- file: 002.sql
-- want+1 add-check-not-not-valid "adding constraint orders_check1" safe `ADD CONSTRAINT orders_check1 CHECK`
ALTER TABLE orders ADD CHECK (id <> total);
-- want+1 add-check-not-not-valid "adding constraint orders_total_check " safe `ADD CONSTRAINT orders_total_check CHECK`
ALTER TABLE orders ADD CHECK (total > 0 AND total < 100);
