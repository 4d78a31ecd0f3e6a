/** Whether this machine can do something, and what to do if not. */
export type MachineCheck =
    { readonly ok: true } | { readonly ok: false; readonly reason: string; readonly fix: string };
