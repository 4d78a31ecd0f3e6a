/** Not public: private, shared, link-local (where clouds keep a machine's credentials) and loopback addresses. */
export const notPublic: readonly string[] = [
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
];
