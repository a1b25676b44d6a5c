ALTER TABLE orders ADD CONSTRAINT orders_number_key UNIQUE (number);        -- want add-unique-without-index@20 "orders_number_key"
ALTER TABLE orders ADD UNIQUE (shop_id, number);                            -- want add-unique-without-index "orders_shop_id_number_key"
