-- Begins a new seed, as the administrator: removes what runs that were killed left of this name, makes the role that fills it, the database,
-- and the extensions that only an administrator may make. Names come from the environment and are quoted by format().
\getenv seed SEED
\getenv mark MARK
\getenv role ROLE
\getenv password ROLE_PASSWORD
\getenv database DATABASE
\getenv extensions EXTENSIONS
SET client_min_messages = warning;

SELECT EXISTS (SELECT FROM pg_database WHERE datname = :'seed') AS is_taken,
       EXISTS (SELECT FROM pg_roles WHERE rolname = :'role' AND coalesce(shobj_description(oid, 'pg_authid'), '') <> :'mark') AS is_foreign \gset
\if :is_taken
DO $$ BEGIN RAISE EXCEPTION 'a database is there that is called as the seeds are. Fix: drop it, or choose another lends.seed.name'; END $$;
\endif
\if :is_foreign
DO $$ BEGIN RAISE EXCEPTION 'the role of these seeds is there and is of another environment. Fix: choose another lends.seed.name'; END $$;
\endif

-- A run has begun it and not completed it; before its first comment too.
SELECT format('DROP DATABASE %I WITH (FORCE)', datname)
  FROM pg_database
 WHERE datname ~ ('^' || :'seed' || '_[0-9]{14}$') AND datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)
   AND coalesce(shobj_description(oid, 'pg_database'), :'mark' || ' unfinished') = :'mark' || ' unfinished' \gexec

-- It logs in until the end of this run.
SELECT format('CREATE ROLE %I', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
SELECT format('COMMENT ON ROLE %I IS %L', :'role', :'mark') \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', :'role', :'password') \gexec
SELECT NOT rolsuper AS needs_membership FROM pg_roles WHERE rolname = current_user \gset
\if :needs_membership
SELECT format('GRANT %I TO %I', :'role', current_user) \gexec
\endif

SELECT format('CREATE DATABASE %I TEMPLATE template0', :'database') \gexec
SELECT format('COMMENT ON DATABASE %I IS %L', :'database', :'mark' || ' unfinished') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'database') \gexec
SELECT format('GRANT ALL ON DATABASE %I TO %I', :'database', :'role') \gexec

\connect :"database"
SET client_min_messages = warning;
SELECT format('GRANT ALL ON SCHEMA public TO %I', :'role') \gexec
-- Where extensions are made that say nothing of it. The role's password is known to this run alone, and it has made nothing yet.
SET search_path = public, pg_temp;
-- Those that are called trusted the role makes itself, where the dump says.
SELECT format('CREATE EXTENSION IF NOT EXISTS %I CASCADE', name)
  FROM unnest(string_to_array(:'extensions', ' ')) AS asked (name)
 WHERE NOT EXISTS (SELECT FROM pg_available_extension_versions AS known WHERE known.name = asked.name AND trusted) \gexec
