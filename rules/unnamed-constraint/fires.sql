CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, note text, CHECK (id > 0), total int CHECK (total > 0));
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;   -- want unnamed-constraint@24 "foreign key of orders has no name: PostgreSQL chooses orders_customer_id_fkey here"
ALTER TABLE orders ADD UNIQUE (customer_id, note);                       -- want unnamed-constraint@24 "orders_customer_id_note_key"
ALTER TABLE orders ADD CHECK (total > id), ADD COLUMN n int REFERENCES numbers CHECK (n > 1);   -- want unnamed-constraint@24 "orders_check here"; unnamed-constraint@61 "orders_n_fkey"; unnamed-constraint@80 "orders_n_check"
ALTER TABLE orders ADD EXCLUDE USING gist (note WITH =);                 -- want unnamed-constraint "orders_note_excl"
ALTER TABLE shop."Lines" ADD UNIQUE ("Key");                             -- want unnamed-constraint "Lines_Key_key"
CREATE TABLE two (a int, b int, CHECK (a > b), CHECK (b > -a));          -- want unnamed-constraint@48 "two_check1"
