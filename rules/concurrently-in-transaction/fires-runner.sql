-- fixture: transaction=per_file
CREATE INDEX CONCURRENTLY i ON orders (note);                  -- want concurrently-in-transaction "that the runner opens"
COMMIT;
CREATE INDEX CONCURRENTLY j ON orders (note);
