// Labels. The recommended ones of Kubernetes say what a thing is; ours say what a pod may reach.

export type Labels = Readonly<Record<string, string>>;

/** Which workload of which environment: what selectors match. Never changes, for selectors are immutable. */
export function workloadLabels(workload: { readonly name: string; readonly instance: string }): Labels {
    return {
        "app.kubernetes.io/name": workload.name,
        "app.kubernetes.io/instance": workload.instance,
    };
}

/** Which part of an environment an object belongs to. */
export const componentLabel = "app.kubernetes.io/component";

/** On every object of an environment. */
export function objectLabels(instance: string, component: string): Labels {
    return {
        "app.kubernetes.io/instance": instance,
        [componentLabel]: component,
        "app.kubernetes.io/managed-by": "pulumi",
    };
}

/** On an environment's namespace: of which kind it is. */
export const environmentLabel = "django-on-kubernetes/environment";

/** On an ephemeral environment's namespace: how long after the last push it may live, such as "72h". */
export const timeToLiveLabel = "django-on-kubernetes/ttl";

export function environmentOfKind(kind: string): Labels {
    return { [environmentLabel]: kind };
}

/** Which environment: what selectors of several workloads match. */
export function instanceLabel(instance: string): Labels {
    return { "app.kubernetes.io/instance": instance };
}

/**
 * On pods that have to be on one node together, because a volume that they mount is on one node at a time.
 *
 * @param group the name of the store or the app whose volume it is
 */
export function oneNode(group: string): Labels {
    return { "django-on-kubernetes/one-node": group };
}

/**
 * What a pod carries to be let through to a store; the store's own NetworkPolicies name this label.
 *
 * @param store the name of its component, so that an app's own store is closed to the other apps
 */
export function reaches(store: string): Labels {
    return { [`django-on-kubernetes/reaches-${store}`]: "true" };
}

/** On every pod of an app: what tells it from the other apps of its namespace. */
export function appLabels(app: string): Labels {
    return { "app.kubernetes.io/part-of": app };
}

/** An annotation of a Gateway, or of a Service that is the way in, that answers without TLS, because something in front of it ends TLS. */
export const tlsInFront = { name: "django-on-kubernetes/tls", value: "in-front" } as const;

/** An annotation of a Service that is a way in which the settings named: no other may be reached from outside (R52). */
export const publicEntry = { name: "django-on-kubernetes/way-in", value: "named" } as const;

/** On a pod, in a namespace that `borrows`: what a lent database server admits. */
export const borrower: Labels = { "django-on-kubernetes/borrows-database": "true" };

/** On a namespace: whose database server its pods may reach. */
export function borrows(instance: string): Labels {
    return { "django-on-kubernetes/database-of": instance };
}

// On the Service of a database whose server the plan does not show: what its pods have to keep to.

/** The server's max_connections, or the part of it that is for users. */
export const maxConnectionsAnnotation = "django-on-kubernetes/max-connections";
/** How many of them are this environment's, where another one lends it. */
export const connectionShareAnnotation = "django-on-kubernetes/connection-share";
/** "true": the Service leads to a connection pool. */
export const pooledAnnotation = "django-on-kubernetes/pooled";
/** "true": the server is nobody's here, and the release's first job of whoever uses it checks it (R98). */
export const externalAnnotation = "django-on-kubernetes/external";
/** On the Service of a RabbitMQ server whose configuration the plan does not show: seconds for which it waits for a task. */
export const consumerTimeoutAnnotation = "django-on-kubernetes/consumer-timeout";
/** On what looks after a lent server: to how many environments at a time it is lent, with how many connections each. */
export const borrowersAnnotation = "django-on-kubernetes/borrowers";
