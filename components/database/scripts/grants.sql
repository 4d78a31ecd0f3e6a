-- Lets a user work in the database that psql is connected to. Since PostgreSQL 15 only a database's owner may create tables in
-- `public`, and the owner of DigitalOcean's is the administrator. Said twice it does the same again.
-- https://docs.digitalocean.com/products/databases/postgresql/how-to/modify-user-privileges/
\set ON_ERROR_STOP on
\getenv database PGDATABASE
\getenv user GRANT_USER
GRANT ALL PRIVILEGES ON DATABASE :"database" TO :"user";
GRANT ALL ON SCHEMA public TO :"user";
