-- Makes a login role that may do what a database's owner does, and makes everything as the owner: its session begins with SET ROLE.
-- Other logins are left alone, so that who has one of them works on. May run again at any time. psql 15 or later.
\set ON_ERROR_STOP on
\getenv first FIRST_ROLE
\getenv login LOGIN_ROLE
\getenv password LOGIN_PASSWORD
\getenv number LOGIN_NUMBER
SET client_min_messages = warning;
-- Nobody who may make functions in this database is to run them as the administrator.
SET search_path = pg_catalog, pg_temp;

SELECT format('django-on-kubernetes login of=%s', :'first') AS mark \gset
-- A comment is what a role of ours has that another of such a name has not.
SELECT coalesce(max(substring(shobj_description(oid, 'pg_authid') FROM ' number=([0-9]{1,4})$')::int), 0) AS highest
  FROM pg_roles WHERE starts_with(shobj_description(oid, 'pg_authid'), :'mark' || ' number=') \gset
SELECT :highest > :number AS is_lower,
       EXISTS (SELECT FROM pg_roles WHERE rolname = :'login'
                  AND shobj_description(oid, 'pg_authid') IS DISTINCT FROM format('%s number=%s', :'mark', :'number')) AS is_foreign \gset
\if :is_lower
\warn The database has a login of the number :highest and the settings ask for :number. Allowed: a number that rises. Fix: raise rotations...database above :highest.
DO $$ BEGIN RAISE EXCEPTION 'nothing was done'; END $$;
\endif
\if :is_foreign
\warn The role :'login' is there and was not made by a rotation. Fix: raise the number, or drop the role.
DO $$ BEGIN RAISE EXCEPTION 'nothing was done'; END $$;
\endif

-- Since version 16 a role that is no superuser lets nobody be a member of itself. What it owns goes to a role that it makes then.
SELECT rolsuper OR current_setting('server_version_num')::int < 160000 OR rolname <> :'first' AS owns_directly,
       NOT rolsuper AS needs_membership
  FROM pg_roles WHERE rolname = current_user \gset
\if :owns_directly
\set owner :first
\else
SELECT :'first' || '_owner' AS owner \gset
SELECT format('CREATE ROLE %I NOLOGIN', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
SELECT format('GRANT %I TO %I WITH INHERIT TRUE, SET TRUE', :'owner', current_user) \gexec
-- Waits behind no long transaction, and lets nobody wait behind itself for longer.
SET lock_timeout = '5s';
SELECT format('REASSIGN OWNED BY %I TO %I', :'first', :'owner') \gexec
RESET lock_timeout;
\endif

SELECT format('CREATE ROLE %I LOGIN', :'login')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'login') \gexec
-- As many connections as the first one may have.
SELECT format('ALTER ROLE %I LOGIN INHERIT PASSWORD %L CONNECTION LIMIT %s', :'login', :'password',
              (SELECT rolconnlimit FROM pg_roles WHERE rolname = :'first')) \gexec
SELECT format('COMMENT ON ROLE %I IS %L', :'login', format('%s number=%s', :'mark', :'number')) \gexec
SELECT format('GRANT %I TO %I', :'owner', :'login') \gexec
SELECT format('ALTER ROLE %I SET role = %L', :'login', :'owner') \gexec
-- Whoever has set something for the owner's sessions meant the app's.
SELECT format('ALTER ROLE %I %s SET %I = %s', :'login',
              CASE WHEN setdatabase = 0 THEN '' ELSE format('IN DATABASE %I', datname) END,
              split_part(setting, '=', 1), quote_literal(substring(setting FROM position('=' IN setting) + 1)))
  FROM pg_db_role_setting LEFT JOIN pg_database ON pg_database.oid = setdatabase, unnest(setconfig) AS setting
 WHERE setrole = (SELECT oid FROM pg_roles WHERE rolname = :'first')
   -- A list is quoted in another way, and is in the owner's search path alone.
   AND split_part(setting, '=', 1) NOT IN ('role', 'search_path') \gexec
