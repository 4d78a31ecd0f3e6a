-- Makes a role and a database of its own on a server that others use too. May run again at any time, also after a failure
-- half-way. psql 15 or later. Names and the password come from the environment and are quoted by format(): none is ever
-- pasted into a statement.
\set ON_ERROR_STOP on
\getenv role NEW_ROLE
\getenv password NEW_PASSWORD
\getenv database NEW_DATABASE
\getenv template NEW_TEMPLATE
\getenv comment NEW_COMMENT
-- Of what is there already.
SET client_min_messages = warning;

-- Two environments whose names were cut to the same one must not share their data.
SELECT :'role' = current_user OR EXISTS (SELECT FROM pg_roles WHERE rolname = :'role' AND rolsuper) AS is_admin,
       EXISTS (SELECT FROM pg_database WHERE datname = :'database'
                  AND CASE WHEN shobj_description(oid, 'pg_database') IS NULL THEN datdba::regrole::text <> quote_ident(:'role')
                           ELSE substring(shobj_description(oid, 'pg_database') FROM ' namespace=(\S+)')
                                IS DISTINCT FROM substring(:'comment' FROM ' namespace=(\S+)') END) AS is_foreign \gset
\if :is_admin
\warn The role :'role' administers the server. Allowed: a role of the environment alone. Fix: choose another name for the app.
DO $$ BEGIN RAISE EXCEPTION 'nothing was done'; END $$;
\endif
\if :is_foreign
\warn The database :'database' is there and is not of this environment. Fix: choose another name for the environment or the app.
DO $$ BEGIN RAISE EXCEPTION 'nothing was done'; END $$;
\endif

SELECT format('CREATE ROLE %I LOGIN', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', :'role', :'password') \gexec
-- An administrator who is no superuser has to belong to a role to make it an owner. Since version 16 he may administer a role
-- that he made and yet not act as it, so whether he is a member says too little.
SELECT NOT rolsuper AS needs_membership FROM pg_roles WHERE rolname = current_user \gset
\if :needs_membership
SELECT format('GRANT %I TO %I', :'role', current_user) \gexec
\endif

SELECT format('CREATE DATABASE %I OWNER %I %s', :'database', :'role',
              CASE WHEN :'template' = '' THEN '' ELSE format('TEMPLATE %I', :'template') END)
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
SELECT format('COMMENT ON DATABASE %I IS %L', :'database', :'comment') \gexec

-- PostgreSQL lets every role connect to every database unless told otherwise.
SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', datname)
  FROM pg_database
 WHERE NOT datistemplate AND (datname = :'database' OR datdba = (SELECT oid FROM pg_roles WHERE rolname = current_user)) \gexec

-- A copy's objects belong to the template's owner. REASSIGN OWNED would take the template itself away from him.
SELECT :'template' <> '' AS has_template \gset
\if :has_template
\connect :"database"
SET client_min_messages = warning;
\if :needs_membership
SELECT DISTINCT format('GRANT %s TO %I', relowner::regrole, current_user)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
   AND relowner::regrole::text NOT IN (quote_ident(current_user), quote_ident(:'role')) \gexec
\endif
SELECT format('ALTER SCHEMA %I OWNER TO %I', nspname, :'role')
  FROM pg_namespace
 WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public') \gexec
SELECT format('GRANT ALL ON SCHEMA public TO %I', :'role')
  FROM pg_namespace WHERE nspname = 'public' \gexec
SELECT format('ALTER %s %I.%I OWNER TO %I',
              CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
              nspname, relname, :'role')
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
   -- A sequence of a column goes with its table; an extension's objects go with the extension.
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid
                      AND (deptype = 'e' OR (relkind = 'S' AND deptype IN ('a', 'i')))) \gexec
SELECT format('ALTER %s %s OWNER TO %I', CASE prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END,
              pg_proc.oid::regprocedure, :'role')
  FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
 WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e') \gexec
-- Enumerations, domains, ranges, and composite types that are no table's.
SELECT format('ALTER TYPE %I.%I OWNER TO %I', nspname, typname, :'role')
  FROM pg_type JOIN pg_namespace ON pg_namespace.oid = typnamespace
 WHERE (typtype IN ('e', 'd', 'r') OR EXISTS (SELECT FROM pg_class WHERE pg_class.oid = typrelid AND relkind = 'c'))
   AND nspname !~ '^pg_' AND nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_type'::regclass AND objid = pg_type.oid AND deptype = 'e') \gexec
\endif
