-- fixture: pg=15..18
CREATE TABLE orders (id bigint, tenant text);
CREATE TABLE shops (id bigint, tenant text);
CREATE VIEW outer_shops AS SELECT id FROM shops;
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE VIEW careful WITH (security_invoker = true) AS SELECT id FROM orders;
CREATE VIEW above WITH (security_invoker) AS SELECT id FROM careful;
CREATE VIEW later AS SELECT id FROM orders;
ALTER VIEW later SET (security_invoker = yes);
CREATE VIEW gone AS SELECT id FROM orders;
DROP VIEW gone;
CREATE TEMPORARY VIEW mine AS SELECT id FROM orders;
CREATE MATERIALIZED VIEW copy AS SELECT id FROM orders;
-- file: 002.sql
ALTER TABLE shops ENABLE ROW LEVEL SECURITY;
ALTER VIEW outer_shops SET (security_invoker = true);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;
CREATE VIEW free AS SELECT id FROM orders;
