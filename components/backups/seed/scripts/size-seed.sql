\getenv database DATABASE
SELECT pg_database_size(datname) FROM pg_database WHERE datname = :'database';
