-- fixture: pg=15..18
ALTER TABLE orders SET ACCESS METHOD columnar;          -- want table-rewrite-maintenance "SET ACCESS METHOD"
