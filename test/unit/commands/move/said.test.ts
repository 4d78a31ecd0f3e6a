// What the mover says, as it is shown.
import { expect, test } from "vitest";
import { checksTable, line, progressTable, saidIn, type Said } from "../../../../commands/move/said.ts";

const log = `pulling
{"time":"2026-12-01T10:00:00Z","phase":"check","state":"wrong","text":"The role may not."}
{"time":"2026-12-01T10:00:01Z","phase":"read-only","state":"done","text":"the source takes no writes (database)"}
{"time":"2026-12-01T10:00:05Z","phase":"dump","state":"running","text":"dumping","bytes":2097152,"ofBytes":10485760}
{"time":"2026-12-01T10:00:10Z","phase":"data","state":"running","text":"copying rows","done":1,"of":8}
{"time":"2026-12-01T10:00:40Z","phase":"data","state":"running","text":"copying rows","done":5,"of":8}
{"kind":"move","result":"succeeded","what":"moved"}
{"phase":`;

const said = saidIn(log);

test("other lines of a log, and one that is cut off, are passed over", () => {
    expect(said.map(({ phase }) => phase)).toEqual(["check", "read-only", "dump", "data", "data"]);
});

test("checks are a table, and what is wrong stands out", () => {
    expect(checksTable(said)).toMatch(/WRONG.*The role may not\./);
    expect(checksTable([])).toBeUndefined();
});

test("each phase that has begun is a row, with how far it is and for how long", () => {
    const rows = progressTable(said).split("\n");
    expect(rows.find((row) => row.includes("rows"))).toMatch(/rows +│ running +│ 5 of 8 +│ 30 s/);
    expect(rows.find((row) => row.includes("dump"))).toMatch(/2 MiB, of tables of 10 MiB/);
    expect(rows.find((row) => row.includes("read-only"))).toMatch(/done +│ the source takes no writes/);
    expect(rows.some((row) => row.includes("comparison"))).toBe(false);
});

test("elsewhere it is a line", () => {
    expect(line(said[4]!)).toBe("10:00:40 rows: copying rows (5 of 8)");
    const lag: Said = {
        time: "2026-12-01T10:00:00Z",
        phase: "follow",
        state: "running",
        text: "waiting",
        lagBytes: 524288,
    };
    expect(line(lag)).toBe("10:00:00 following the source: waiting (0.5 MiB behind)");
});
