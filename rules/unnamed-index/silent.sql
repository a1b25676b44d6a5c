CREATE INDEX orders_note_idx ON orders (note);
CREATE TEMP TABLE scratch (n int);
CREATE INDEX ON scratch (n);
