#!/bin/sh
# Runs once, when the database is created: the role of api and workers may read and write rows; the schema is changed by the owner alone.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" << 'SQL'
\getenv password SERVICE_PASSWORD
CREATE ROLE primes_service LOGIN PASSWORD :'password';
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO primes_service;
ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO primes_service;
SQL
