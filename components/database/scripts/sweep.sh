#!/bin/bash
# Drops the databases, and their roles, of environments that have been gone for KEEP_HOURS. An environment is there as long as
# its Service has a name in the cluster's DNS; since when it is not, the database's own comment says:
#   django-on-kubernetes namespace=<namespace> service=<service> [gone-since=<seconds>]
# Databases without such a comment are nobody's here, and left alone.
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
now=$(date +%s)

# Nobody who may make functions in the administrator's database is to run them as the administrator.
export PGOPTIONS="-c search_path=pg_catalog,pg_temp"
query() {
    psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "$@"
}

# With the search domains of a pod, `x.y.svc` is enough.
is_there() {
    getent hosts "$1.svc" > /dev/null
}

# A name that is always there: without an answer for it, no answer says anything.
names_are_served() {
    is_there kubernetes.default
}

if ! names_are_served; then
    echo "The cluster's DNS does not answer for kubernetes.default.svc: nothing was done."
    exit 0
fi

pattern='^django-on-kubernetes namespace=([a-z0-9-]+) service=([a-z0-9-]+)( gone-since=([0-9]{1,12}))?$'
failed=0
while IFS= read -r -d '' database && IFS= read -r -d '' comment; do
    [[ $comment =~ $pattern ]] || continue
    namespace=${BASH_REMATCH[1]} service=${BASH_REMATCH[2]} since=${BASH_REMATCH[4]:-}
    # What is on the server beside the sweeper's own environment ends with the server.
    [[ $namespace != "$OWN_NAMESPACE" ]] || continue
    mark="django-on-kubernetes namespace=$namespace service=$service"
    export DATABASE=$database OLD_COMMENT=$comment NEW_COMMENT=$mark
    if is_there "$service.$namespace"; then
        if [[ -n $since ]]; then
            echo "$database: $namespace is there again"
            query --file="$scripts/mark.sql" || failed=1
        fi
    elif ! names_are_served; then
        echo "The cluster's DNS stopped answering: the rest waits."
        break
    elif [[ -z $since ]]; then
        echo "$database: $namespace is gone; to be dropped in $KEEP_HOURS hours"
        NEW_COMMENT="$mark gone-since=$now" query --file="$scripts/mark.sql" || failed=1
    elif (( now - since >= KEEP_HOURS * 3600 )); then
        echo "$database: $namespace has been gone for $(( (now - since) / 3600 )) hours: dropped"
        query --file="$scripts/drop.sql" || failed=1
    fi
done < <(query --field-separator-zero --record-separator-zero --command="
    SELECT datname, shobj_description(oid, 'pg_database')
      FROM pg_database
     WHERE shobj_description(oid, 'pg_database') LIKE 'django-on-kubernetes %'
     ORDER BY datname")
# The list's own failure is lost in the substitution above.
query --command="SELECT" || failed=1
exit "$failed"
