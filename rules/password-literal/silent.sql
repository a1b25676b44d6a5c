CREATE USER reporter;
ALTER ROLE reporter PASSWORD NULL;
ALTER ROLE reporter PASSWORD '';
CREATE ROLE other PASSWORD '${password}';
CREATE ROLE third PASSWORD 'SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5';
ALTER ROLE reporter SET search_path = 'password';
CREATE TABLE accounts (password text DEFAULT 'secret');
