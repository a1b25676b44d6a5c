CREATE UNIQUE INDEX CONCURRENTLY ON "Orders" (lower(note), id);   -- want unnamed-index
