CREATE USER reporter PASSWORD 'not-so-secret';                       -- want password-literal@22 "CREATE ROLE has a password in plain text"
ALTER ROLE reporter WITH LOGIN ENCRYPTED PASSWORD 'other';           -- want password-literal
CREATE USER MAPPING FOR app SERVER other OPTIONS (user 'a', password 'b');  -- want password-literal
