CREATE INDEX é_idx ON orders (customer_id);                        -- want add-index-non-concurrent@14 "blocks writes to orders"
CREATE UNIQUE INDEX IF NOT EXISTS u ON shop."Orders" (lower(note));   -- want add-index-non-concurrent@35 "building index u"
CREATE INDEX ON orders (a);                                        -- want add-index-non-concurrent@8 "building an index"
