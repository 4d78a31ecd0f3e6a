// What a pod does that is tried once: networks that hold NetworkPolicies learn of a new pod a moment after it has begun to run, on a busy
// node some seconds, and refuse it until then. A server or a worker tries again by itself; a migration or a scheduled command would have failed.
import type { DjangoArgs } from "./contract.ts";

/** Seconds; after them the command says itself what it does not reach. */
const patience = 45;

/** Asks for a connection and sends nothing. */
const untilReached = `
import os, socket, sys, time
host, port, *command = sys.argv[1:]
end = time.monotonic() + ${patience}
while host in os.environ and time.monotonic() < end:
    try:
        socket.create_connection((os.environ[host], int(os.environ.get(port) or 5432)), 5).close()
        break
    except OSError:
        time.sleep(0.2)
os.execvp(command[0], command)
`.trim();

/** An image that runs itself has no Python that is known, and waits by itself. */
export function onceDatabaseIsReached(
    command: readonly string[],
    { processes, environmentPrefix: prefix }: Pick<DjangoArgs, "processes" | "environmentPrefix">,
): readonly string[] {
    return processes.python === undefined
        ? ["python", "-I", "-S", "-c", untilReached, `${prefix}DB_HOST`, `${prefix}DB_PORT`, ...command]
        : command;
}
