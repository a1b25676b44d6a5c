VACUUM FULL orders;                                     -- want table-rewrite-maintenance@13 "VACUUM FULL rewrites orders"
VACUUM (FULL, ANALYZE) orders, shop."Orders";           -- want table-rewrite-maintenance@24; table-rewrite-maintenance@32
VACUUM FULL;                                            -- want table-rewrite-maintenance@1 "without a table"
CLUSTER orders USING orders_idx;                        -- want table-rewrite-maintenance "CLUSTER rewrites orders"
CLUSTER;                                                -- want table-rewrite-maintenance "without a table"
ALTER TABLE orders SET UNLOGGED;                        -- want table-rewrite-maintenance@20 "a crash will empty it"
ALTER TABLE orders SET LOGGED;                          -- want table-rewrite-maintenance "SET LOGGED rewrites orders"
ALTER TABLE orders SET TABLESPACE fast;                 -- want table-rewrite-maintenance "SET TABLESPACE copies orders"
ALTER INDEX orders_idx SET TABLESPACE fast;             -- want table-rewrite-maintenance "index orders_idx"
