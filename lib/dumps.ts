// What the component of dumps and the commands that start them have to agree on.

/** On a CronJob of dumps: `dump` where `make destroy` and `make down` take a last one. */
export const atEndAnnotation = "django-on-kubernetes/at-end";

/** Of the pods' containers: who starts a Job of his own tells them something by their variables. */
export const dumpContainers = { dump: "dump", fetch: "fetch", restore: "restore" } as const;

/** The CronJob that never starts by itself, from which a Job is made that brings a dump back. */
export function restoreName(dumps: string): string {
    return `${dumps}-restore`;
}
