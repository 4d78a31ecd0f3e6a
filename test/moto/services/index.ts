// Every type of resource that a stack makes at AWS, as calls.
import { cluster } from "./cluster.ts";
import { files } from "./files.ts";
import { firewall } from "./firewall.ts";
import { names } from "./names.ts";
import { network } from "./network.ts";
import { operations } from "./operations.ts";
import { rights } from "./rights.ts";
import { stores } from "./stores.ts";
import type { Translations } from "./translation.ts";
import { watch } from "./watch.ts";

export const translations: Translations = {
    ...network,
    ...cluster,
    ...rights,
    ...stores,
    ...files,
    ...firewall,
    ...names,
    ...operations,
    ...watch,
};
