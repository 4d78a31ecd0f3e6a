// The language server that editors use for YAML, asked as an editor asks it: LSP over its standard input and output.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";

/** Of an answer, what the tests read. */
export interface Completion {
    readonly label: string;
    readonly documentation?: string | { readonly value: string };
}

export interface Diagnostic {
    readonly message: string;
    /** 1 is an error. */
    readonly severity: number;
    readonly range: { readonly start: { readonly line: number } };
}

export interface LanguageServer {
    /** What the editor underlines in a stack file of that folder. */
    diagnostics(text: string, folder?: string): Promise<readonly Diagnostic[]>;
    /** What it offers where the text has `|`. */
    completions(text: string, folder?: string): Promise<readonly Completion[]>;
    stop(): Promise<void>;
}

export async function startLanguageServer(root: string): Promise<LanguageServer> {
    const folder = dirname(createRequire(import.meta.url).resolve("yaml-language-server/package.json"));
    const child = spawn(process.execPath, [join(folder, "bin/yaml-language-server"), "--stdio"], {
        stdio: ["pipe", "pipe", "inherit"],
    });
    const connection = createMessageConnection(
        new StreamMessageReader(child.stdout),
        new StreamMessageWriter(child.stdin),
    );
    // The store of all schemas that there are is on the internet.
    const yaml = { schemaStore: { enable: false }, validate: true, completion: true, hover: true };
    connection.onRequest("workspace/configuration", ({ items }: { items: readonly { section: string }[] }) =>
        items.map(({ section }) => (section === "yaml" ? yaml : null)),
    );
    connection.onRequest("client/registerCapability", () => null);
    const waiting = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
    connection.onNotification(
        "textDocument/publishDiagnostics",
        ({ uri, diagnostics }: { uri: string; diagnostics: readonly Diagnostic[] }) => waiting.get(uri)?.(diagnostics),
    );
    connection.listen();
    const rootUri = pathToFileURL(root).href;
    await connection.sendRequest("initialize", {
        processId: process.pid,
        rootUri,
        workspaceFolders: [{ uri: rootUri, name: "project" }],
        capabilities: {
            workspace: { configuration: true },
            textDocument: { completion: { completionItem: { documentationFormat: ["markdown"] } } },
        },
    });
    await connection.sendNotification("initialized", {});
    let files = 0;
    // Each text is a file of its own: of one that was closed, the server tells once more that nothing is wrong.
    const open = async (text: string, folder = ".", expect?: (diagnostics: readonly Diagnostic[]) => void) => {
        files += 1;
        const uri = pathToFileURL(join(root, folder, `Pulumi.test-${files}.yaml`)).href;
        if (expect !== undefined) {
            waiting.set(uri, expect);
        }
        await connection.sendNotification("textDocument/didOpen", {
            textDocument: { uri, languageId: "yaml", version: 1, text },
        });
        return uri;
    };
    return {
        async diagnostics(text, folder) {
            const { promise, resolve } = Promise.withResolvers<readonly Diagnostic[]>();
            await open(text, folder, resolve);
            return promise;
        },
        async completions(marked, folder) {
            const [before = "", after = ""] = marked.split("|");
            const uri = await open(before + after, folder);
            const lines = before.split("\n");
            const position = { line: lines.length - 1, character: lines.at(-1)!.length };
            const answer: { readonly items: readonly Completion[] } = await connection.sendRequest(
                "textDocument/completion",
                { textDocument: { uri }, position },
            );
            return answer.items;
        },
        async stop() {
            const ended = new Promise((resolve) => child.once("exit", resolve));
            await connection.sendRequest("shutdown");
            await connection.sendNotification("exit");
            await ended;
            connection.dispose();
        },
    };
}
