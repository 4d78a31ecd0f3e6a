// Where Pulumi keeps the state of a stack in a bucket, so that jobs of pull requests write that of their own stacks and of no other.

export interface StacksOfReviews {
    /** Pulumi's project, which their states lie below. */
    readonly project: string;
    /** What their names begin with, and the name of no stack of anybody else's. */
    readonly prefix: string;
    /** Whose outputs they read. */
    readonly lender: string;
}

/** Names of objects begin with it. */
const root = ".pulumi";

/**
 * What names of a stack's objects begin with: its state and the copy of it, locks, past updates.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/state-and-backends/
 */
export function writtenByReviews({ project, prefix }: StacksOfReviews): readonly string[] {
    return [
        `${root}/stacks/${project}/${prefix}`,
        `${root}/backups/${project}/${prefix}`,
        `${root}/history/${project}/${prefix}`,
        `${root}/locks/organization/${project}/${prefix}`,
    ];
}

/** Whole names: which version of all this it is, and the state of the stack that lends, as it is and compressed. */
export function readByReviews({ project, lender }: StacksOfReviews): readonly string[] {
    const state = `${root}/stacks/${project}/${lender}.json`;
    return [`${root}/meta.yaml`, state, `${state}.gz`, `${state}.zst`];
}
