-- fixture: layout=golang-migrate
-- file: 007_orders.up.sql
CREATE TABLE orders (id bigint);
-- file: 7_lines.up.sql
CREATE TABLE lines (id bigint);   -- want duplicate-version@1 "two upgrades, 007_orders.up.sql and 7_lines.up.sql"
-- file: 8_other.up.sql
CREATE TABLE other (id bigint);
