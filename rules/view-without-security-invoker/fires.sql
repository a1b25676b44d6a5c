-- fixture: pg=15..18
CREATE TABLE orders (id bigint, tenant text);
CREATE TABLE shops (id bigint, tenant text);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders USING (tenant = current_user);
CREATE VIEW open_orders AS SELECT id FROM orders;      -- want view-without-security-invoker@13 "whoever may read view open_orders sees the rows of orders" safe `ALTER VIEW open_orders SET (security_invoker = true);`
CREATE VIEW barrier WITH (security_barrier) AS SELECT o.id FROM shops s JOIN orders o USING (id);  -- want view-without-security-invoker "view barrier sees the rows of orders"
CREATE VIEW careful WITH (security_invoker) AS SELECT id FROM orders;
CREATE VIEW outer_orders AS SELECT id FROM careful;    -- want view-without-security-invoker "view outer_orders sees the rows of orders"
CREATE VIEW outer_shops AS SELECT id FROM shops;
-- file: 002.sql
CREATE OR REPLACE VIEW careful AS SELECT id FROM orders;  -- want view-without-security-invoker "careful"
CREATE VIEW careful_shops WITH (security_invoker = on) AS SELECT id FROM shops;
ALTER TABLE shops ENABLE ROW LEVEL SECURITY;           -- want view-without-security-invoker@19 "view outer_shops sees the rows of shops"; view-without-security-invoker "view barrier"
