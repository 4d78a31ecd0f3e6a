// What is promised of each database's backups, as lines of text.
import type { BackupPromise } from "../../../lib/backup-promise.ts";
import type { Plan } from "../plan.ts";
import { wrap } from "../words.ts";

/** @returns nothing where none are made */
export function backupLines({ outputs }: Plan, columns: number): string[] {
    const promises = (outputs["backups"] ?? {}) as Readonly<Record<string, BackupPromise>>;
    const entries = Object.entries(promises);
    if (entries.length === 0) {
        return [];
    }
    const width = Math.max(...entries.map(([store]) => store.length));
    return [
        "Backups",
        ...entries.flatMap(([store, promise]) =>
            wrap(sentence(promise), columns - width - 4).map(
                (line, index) => `  ${(index === 0 ? store : "").padEnd(width)}  ${line}`,
            ),
        ),
    ];
}

function sentence({ by, to, at, recoveryPoint, days, drill }: BackupPromise): string {
    const made = by
        .map((way) => (way === "files" ? "copies of its files and every change since" : "a dump"))
        .join(", and ");
    const lost = recoveryPoint < 120 ? `${recoveryPoint} min` : `${Math.round(recoveryPoint / 60)} h`;
    const tried =
        drill === undefined
            ? "no drill"
            : `a drill at least every ${drill.every === 1 ? "day" : `${drill.every} days`}`;
    return `${made}, each day at ${at} UTC, for ${days} days, to ${to}: at most ${lost} are lost; ${tried}`;
}
