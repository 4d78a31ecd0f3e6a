/** How the outside reaches an app. */
export interface Edge {
    /** The address of the app's first host, without a slash at its end. */
    readonly url: string;
}
