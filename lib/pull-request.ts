// How a namespace tells whose environment it is: what makes it writes this, what sweeps reads it.

/** The pull request's number. */
export const pullRequestLabel = "django-on-kubernetes/pull-request";
/** "true" where it stays until the pull request is closed. */
export const keepLabel = "django-on-kubernetes/keep";
export const pullRequestUrlAnnotation = "django-on-kubernetes/pull-request-url";
/** As RFC 3339 has it. */
export const lastPushAnnotation = "django-on-kubernetes/last-push";

export interface Marked {
    readonly keep?: boolean;
    readonly pullRequest?: { readonly number: number; readonly url?: string | undefined; readonly lastPush: string };
}

export interface Marks {
    readonly labels: Readonly<Record<string, string>>;
    /** @default none */
    readonly annotations?: Readonly<Record<string, string>>;
}

export function pullRequestMarks({ keep = false, pullRequest }: Marked): Marks {
    return {
        labels: {
            ...(pullRequest && { [pullRequestLabel]: String(pullRequest.number) }),
            ...(keep && { [keepLabel]: "true" }),
        },
        ...(pullRequest && {
            annotations: {
                ...(pullRequest.url !== undefined && { [pullRequestUrlAnnotation]: pullRequest.url }),
                [lastPushAnnotation]: pullRequest.lastPush,
            },
        }),
    };
}
