CREATE UNIQUE INDEX CONCURRENTLY "Orders_lower_id_idx" ON "Orders" (lower(note), id);
