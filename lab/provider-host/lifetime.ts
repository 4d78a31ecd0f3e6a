// A plugin process must never outlive its engine, nor die before the engine is done with it.

/** Runs `stop` once when the engine ends this process or has gone away without doing so; then exits. */
export function exitWithEngine(stop: () => void): void {
    const parent = process.ppid;
    let stopping = false;
    const exit = () => {
        if (stopping) {
            return;
        }
        stopping = true;
        stop();
        process.exit(0);
    };
    // How the engine closes a plugin: SIGINT to its process group.
    process.on("SIGINT", exit);
    process.on("SIGTERM", exit);
    // An engine that was killed sends nothing, but then the kernel gives this process another parent.
    setInterval(() => {
        if (process.ppid !== parent) {
            exit();
        }
    }, 1000).unref();
}
