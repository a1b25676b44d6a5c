CREATE TABLE orders (id bigint, customer_id bigint, note text);
CREATE INDEX ON orders (customer_id);                                    -- want unnamed-index@8 "chooses orders_customer_id_idx here"
CREATE UNIQUE INDEX CONCURRENTLY on ONLY orders (lower(note), "Id");     -- want unnamed-index@15 "orders_lower_Id_idx"
CREATE INDEX ON orders (customer_id);                                    -- want unnamed-index "orders_customer_id_idx1"
CREATE INDEX ON "Elsewhere".t USING gin (a) INCLUDE (b) WHERE on_hand;   -- want unnamed-index "t_a_b_idx"
