-- What is in a database beside what belongs to extensions, in a sentence; nothing when it is empty.
WITH things AS (
    SELECT format('%I.%I', n.nspname, c.relname) AS name, pg_total_relation_size(c.oid) AS size
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', :'own')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), sentence AS (
    SELECT count(*) || ' tables and views: '
        || array_to_string((array_agg(name ORDER BY size DESC, name))[1:5], ', ') || CASE WHEN count(*) > 5 THEN ', ...' ELSE '' END AS text
    FROM things HAVING count(*) > 0
    UNION ALL
    SELECT count(*) || ' large objects' FROM pg_largeobject_metadata HAVING count(*) > 0
)
SELECT string_agg(text, '; ') FROM sentence;
