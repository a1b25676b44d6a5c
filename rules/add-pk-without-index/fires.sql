ALTER TABLE events ADD CONSTRAINT events_pkey PRIMARY KEY (id);     -- want add-pk-without-index@20 "events_pkey"
ALTER TABLE lines ADD PRIMARY KEY (order_id, position);             -- want add-pk-without-index "lines_pkey"
