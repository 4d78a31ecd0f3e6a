// The kubeconfig that the settings name: a plan does without it, an update does not.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { setCommand, type Problem } from "../../problems.ts";
import { advice, contradiction } from "../contradiction.ts";

const path = "platform.kubeconfig";

/** The file's path belongs here; with its content, the login in it would be kept in the state. */
export const kubeconfigContent = contradiction(["platform"], ({ platform }): Problem[] => {
    if (platform.variant !== "existing" || platform.kubeconfig === undefined || !/[\n{]/.test(platform.kubeconfig)) {
        return [];
    }
    const allowed =
        "a file's path: the content, with the login in it, would be kept in the state and in the stack's file";
    return [{ path, found: "the content of a kubeconfig", allowed, fix: setCommand(path, "FILE") }];
});

/** What only the machine that runs it can tell: on another one the file may be there. */
export const missingKubeconfig = advice(["environment", "platform"], ({ environment, platform }): Problem[] => {
    // The cluster of a stack on one's own machine comes with the first `make up`.
    if (platform.variant !== "existing" || platform.kubeconfig === undefined || environment.kind === "local") {
        return [];
    }
    const { kubeconfig, context } = platform;
    // As the provider reads it: relative to the folder of Pulumi.yaml, in which the program runs.
    const file = resolve(kubeconfig.replace(/^~(?=\/|$)/, homedir()));
    const text = contentOf(file);
    if (text === undefined) {
        return [
            {
                path,
                found: `${JSON.stringify(kubeconfig)}, and ${file} cannot be read`,
                allowed: "a kubeconfig that is there where pulumi up runs; a plan does without",
                fix: `put it there, or name another: ${setCommand(path, '"$HOME/.kube/config"')}`,
            },
        ];
    }
    return text.includes(context)
        ? []
        : [
              {
                  path: "platform.context",
                  found: `${JSON.stringify(context)}, and ${file} has no such context`,
                  allowed: `one of them: kubectl config get-contexts -o name --kubeconfig ${file}`,
                  fix: setCommand("platform.context", "CONTEXT"),
              },
          ];
});

function contentOf(file: string): string | undefined {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return undefined;
    }
}
