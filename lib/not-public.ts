/**
 * Not public: private, shared, link-local (where clouds keep a machine's credentials), protocols' own and loopback addresses, and the one
 * public address at which Azure talks to its machines.
 */
export const notPublic: readonly string[] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.168.0.0/16",
];
