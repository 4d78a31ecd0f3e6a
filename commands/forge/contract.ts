// What commands ask of a forge (GitHub, GitLab, Gitea): which pull requests there are, and one comment at each. GitLab's merge
// requests are pull requests here.

export interface PullRequest {
    readonly number: number;
    /** Its own branch; of a fork's it is a name in the fork. */
    readonly branch: string;
    /** The commit it ends with, as 40 or 64 hexadecimal digits. */
    readonly head: string;
    /** It comes from another repository, whose owner may do nothing here. */
    readonly fork: boolean;
    readonly labels: readonly string[];
    readonly url: string;
    readonly updatedAt: Date;
}

export interface Comment {
    readonly id: string;
    readonly body: string;
    readonly url: string;
}

/** Every method fails with a ForgeError. */
export interface Forge {
    /** All of them, however many pages that takes. */
    openPullRequests(): Promise<readonly PullRequest[]>;
    /** @returns undefined where there is none of that number */
    pullRequest(number: number): Promise<(PullRequest & { readonly open: boolean }) | undefined>;
    /** Makes or edits the one comment that carries the marker; what was there twice is deleted but one. */
    comment(number: number, marker: string, body: string): Promise<Comment>;
}
