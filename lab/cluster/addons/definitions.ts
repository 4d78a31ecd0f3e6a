// Resource definitions as a module ships them.
import type { KubernetesObject } from "@kubernetes/client-node";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

/** Those in the YAML files of a directory, by name of the file. */
export async function readDefinitions(directory: string): Promise<KubernetesObject[]> {
    const files = (await readdir(directory)).filter((file) => file.endsWith(".yaml")).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(directory, file), "utf8")));
    return texts
        .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject))
        .filter(({ kind }) => kind === "CustomResourceDefinition");
}
