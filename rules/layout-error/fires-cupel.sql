-- fixture: layout=cupel
-- file: 20260101_000000_orders.sql
CREATE TABLE early (id bigint);   -- want layout-error@1 "never runs"
-- want+1 layout-error "did you mean cupel:upgrade?"
-- cupel:upgrde
-- cupel:upgrade
CREATE TABLE orders (id bigint);
-- want+1 layout-error "cupel:transaction"
-- cupel:transaction off
-- file: cupel.lock
<<<<<<< HEAD                      -- want layout-error "git conflict"
