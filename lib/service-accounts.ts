// The ServiceAccounts of an app, by name: a cloud is told them before the cluster has them.

/** @returns the one of every pod of the app but the one below */
export function appAccount(app: string): string {
    return app;
}

/** @returns the one of the job that writes static files, where a cloud tells pods by their ServiceAccount (R84) */
export function staticWriterAccount(app: string): string {
    return `${app}-collectstatic`;
}
