/** Says in a few words what a long step is doing now; the caller decides how that is shown. */
export type Report = (message: string) => void;
